"""학습 중일 수 있는 모델을 놀잇감이 빌려 씁니다."""

import copy

import torch


def frozen(model, name):
    """학습 중일 수 있는 모델을 건드리지 않고, 지금의 가중치로 평가 모드에서 부르는 함수를 만듭니다."""
    still = copy.deepcopy(model).eval()
    device = next(model.parameters()).device

    @torch.no_grad()
    def call(*inputs):
        # 모델 자체를 평가 모드로 바꾸면, 그 순간 다른 스레드에서 도는 학습 스텝도 평가 모드가 됩니다.
        still.load_state_dict(model.state_dict())
        # 한꺼번에 넣으면 합성곱의 중간 결과가 수백 MB를 차지합니다.
        batches = zip(*(x.to(device).split(100) for x in inputs), strict=True)
        output = torch.cat([still(*batch) for batch in batches]).cpu()
        if not output.isfinite().all():
            raise ValueError(
                f"{name}의 출력에 NaN이나 무한대가 있습니다. 학습이 발산한 것 같습니다. "
                "모델을 만드는 셀부터 다시 실행해 봅시다."
            )
        return output

    return call
