"""생성자를 브라우저에서 계산할 수 있게, 층과 float16 가중치를 적습니다. 배치 정규화는 앞 층에 합칩니다."""

import base64
import copy
import hashlib

import torch
from torch import nn

from tools.site.files import write

BEND = {nn.ReLU: "relu", nn.Tanh: "tanh"}


def layers_for_page(model, folder):
    """모델의 가중치를 folder의 .js로 남기고, 그 이름을 돌려줍니다."""
    layers, weights = describe(model)
    data = torch.cat([weight.flatten() for weight in weights]).half().numpy().tobytes()
    key = hashlib.sha256(data).hexdigest()[:10]
    packed = {"layers": layers, "weights": base64.b64encode(data).decode()}
    write(folder / f"model-{key}.js", "models", key, packed)
    return key


def describe(model):
    """층의 목록과 가중치의 목록. engine.js가 모르는 층이면 ValueError를 냅니다."""
    layers, weights = [], []
    for layer in flatten(copy.deepcopy(model).eval().cpu()):
        if isinstance(layer, (nn.Unflatten, nn.Flatten)):
            continue  # engine.js는 수를 한 줄로 듭니다.
        if isinstance(layer, nn.Linear):
            layers.append({"kind": "linear", "in": layer.in_features, "out": layer.out_features})
            weights += [layer.weight.detach().clone(), bias(layer, layer.out_features)]
        elif isinstance(layer, nn.ConvTranspose2d):
            sizes = {"in": layer.in_channels, "out": layer.out_channels, "kernel": layer.kernel_size[0]}
            rest = {"stride": layer.stride[0], "padding": layer.padding[0]}
            layers.append({"kind": "deconv"} | sizes | rest)
            # engine.js는 나가는 채널을 맨 안쪽에 둡니다.
            weights += [layer.weight.detach().permute(0, 2, 3, 1).contiguous(), bias(layer, layer.out_channels)]
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            fold(layer, layers[-1], weights)
        elif type(layer) in BEND:
            layers.append({"kind": BEND[type(layer)]})
        else:
            raise ValueError(f"engine.js가 계산하지 못하는 층입니다: {type(layer).__name__}")
    return layers, weights


def flatten(module):
    """순서대로 쌓은 층들을 한 줄로 폅니다."""
    children = list(module.children())
    return [module] if not children else [leaf for child in children for leaf in flatten(child)]


def bias(layer, count):
    return torch.zeros(count) if layer.bias is None else layer.bias.detach().clone()


def fold(norm, before, weights):
    """평가 모드의 배치 정규화는 채널마다의 일차식이므로, 바로 앞의 선형층에 합칩니다."""
    scale = norm.weight.detach() / (norm.running_var + norm.eps).sqrt()
    shift = norm.bias.detach() - norm.running_mean * scale
    repeat = before["out"] // len(scale) if before["kind"] == "linear" else 1
    scale, shift = scale.repeat_interleave(repeat), shift.repeat_interleave(repeat)
    weights[-2] *= scale.view(-1, 1) if before["kind"] == "linear" else scale
    weights[-1] = weights[-1] * scale + shift
