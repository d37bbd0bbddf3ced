"""학습자가 대신 돌려 볼 만한 GAN을, 공개된 하이퍼파라미터로 다시 만든 것입니다. 함께 재는 데에만 씁니다.

원본과 다른 점은 클래스마다 적었습니다. 모두에게 공통된 것은 다음과 같습니다.
- 시그모이드 뒤의 교차 엔트로피 대신, 같은 값을 로짓에서 넘치지 않게 구하는 `ganlib.train`의 손실을 씁니다.
- 60,000장을 에폭마다 섞고, 28×28을 넘는 그림은 미니배치를 꺼낼 때 양선형으로 키우고, 잴 때는
  그 역으로 되돌립니다. 파일을 읽는 시간은 없습니다.
- Adam은 결과가 같고 더 빠른 fused판을 씁니다.
- TensorFlow와 Keras로 쓴 원본도 PyTorch로 옮겼습니다. 초기 가중치와 배치 정규화의 상수는 Keras의 기본값을 따랐습니다.
"""

import time
from itertools import cycle

import torch
import torch.nn.functional as F
from torch import nn

from ganlib.sampling import in_batches
from ganlib.train import d_loss, g_loss


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def optimizers(kind, *nets, **settings):
    """신경망마다 같은 설정의 옵티마이저를 하나씩 만듭니다."""
    return [kind(net.parameters(), **settings) for net in nets]


def start_like_keras(layer):
    """Keras의 기본값: 가중치는 Glorot 균등분포, 편향은 0."""
    if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.xavier_uniform_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def start_like_dcgan(layer):
    """두 PyTorch 예제의 `weights_init`: 합성곱은 N(0, 0.02²), 배치 정규화의 배율은 N(1, 0.02²)."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)


class ConvPeer:
    """그림을 그리는 상대. 하위 클래스가 `G`, `D`와 옵티마이저, 한 스텝을 정합니다.

    Attributes:
        name: 표에 적을 이름.
        size: 그림 한 변의 픽셀 수.
        batch: 미니배치의 크기.
        paints_in_eval: 원본이 그림을 뽑을 때 배치 정규화를 평가 모드로 두는지. 원본을 따릅니다.
    """

    size, batch, paints_in_eval = 28, 64, False

    def noise(self, count):
        return torch.randn(count, 100)

    def step(self, real):
        """진짜 미니배치(N×1×size×size, 범위 [−1, 1])로 D와 G를 한 번씩 학습합니다."""
        raise NotImplementedError

    def train(self, images, seconds):
        """`seconds`초가 지날 때까지 학습하고 스텝의 수를 돌려줍니다."""
        end, steps = time.perf_counter() + seconds, 0
        while True:
            for rows in torch.randperm(len(images)).split(self.batch):
                if time.perf_counter() >= end:
                    return steps
                self.step(enlarge(images[rows], self.size))
                steps += 1

    def paint(self, count):
        """학습한 생성자로 `count`장을 그립니다. 모양 N×1×28×28."""
        self.G.train(not self.paints_in_eval)
        return shrink(in_batches(self.G, self.noise(count), self.batch))


def enlarge(images, size):
    """28×28 그림(N×1×28×28)을 한 변이 `size`인 그림으로 키웁니다(양선형)."""
    if size == 28:
        return images
    return F.interpolate(images, size=(size, size), mode="bilinear")


def shrink(images):
    """`enlarge`를 되돌립니다. 키우면 이 그림에 가장 가까워지는(최소제곱) 28×28 그림을 찾습니다.

    다시 양선형으로 줄이면 진짜 그림도 흐려져 프레셰 거리가 170을 넘으므로, 큰 그림을 그리는 상대에게 불리합니다.
    """
    size = images.shape[-1]
    if size == 28:
        return images
    # 키우기는 선형이므로, 픽셀 한 줄을 키우는 행렬(size×28)의 의사역행렬로 되돌립니다.
    lines = torch.eye(28).reshape(28, 1, 28, 1).expand(-1, -1, -1, 28)
    inverse = torch.linalg.pinv(enlarge(lines, size)[:, 0, :, 0].T)
    return (inverse @ images @ inverse.T).clamp(-1, 1)


class TensorFlowTutorial(ConvPeer):
    """TensorFlow의 ‘Deep Convolutional Generative Adversarial Network’ 튜토리얼입니다.

    출처: https://www.tensorflow.org/tutorials/generative/dcgan (tensorflow/docs, 2019)
    하이퍼파라미터: 28×28, z 100차원, batch 256, Adam 1e-4(β 0.9, 0.999, ε 1e-7), LeakyReLU 0.3, dropout 0.3.
    한 스텝: 같은 가짜 미니배치로 두 손실을 구하고 G와 D를 동시에 고칩니다.
    어긋난 점: padding="same"의 여백 3픽셀을 원본은 앞에 1, 뒤에 2로, 여기서는 앞에 2, 뒤에 1로 나눕니다.
    """

    name = "TensorFlow 튜토리얼의 DCGAN"
    batch, paints_in_eval = 256, True

    def __init__(self):
        def up(inputs, outputs, stride):
            # 출력이 입력의 꼭 stride배가 되는 여백입니다.
            return nn.ConvTranspose2d(inputs, outputs, 5, stride, padding=2, output_padding=stride - 1, bias=False)

        keras = dict(eps=1e-3, momentum=0.01)
        self.G = nn.Sequential(
            *(nn.Linear(100, 7 * 7 * 256, bias=False), nn.BatchNorm1d(7 * 7 * 256, **keras), nn.LeakyReLU(0.3)),
            nn.Unflatten(1, (256, 7, 7)),
            *(up(256, 128, 1), nn.BatchNorm2d(128, **keras), nn.LeakyReLU(0.3)),
            *(up(128, 64, 2), nn.BatchNorm2d(64, **keras), nn.LeakyReLU(0.3)),
            *(up(64, 1, 2), nn.Tanh()),
        ).apply(start_like_keras)
        self.D = nn.Sequential(
            *(nn.Conv2d(1, 64, 5, 2, padding=2), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
            *(nn.Conv2d(64, 128, 5, 2, padding=2), nn.LeakyReLU(0.3), nn.Dropout(0.3)),
            *(nn.Flatten(), nn.Linear(128 * 7 * 7, 1)),
        ).apply(start_like_keras)
        self.opt_G, self.opt_D = optimizers(torch.optim.Adam, self.G, self.D, lr=1e-4, eps=1e-7, fused=True)

    def step(self, real):
        fake = self.G.train()(self.noise(self.batch))
        fake_logits = self.D(fake)
        loss_D = d_loss(self.D(real), fake_logits)
        weights_G, weights_D = list(self.G.parameters()), list(self.D.parameters())
        gradients_G = torch.autograd.grad(g_loss(fake_logits), weights_G, retain_graph=True)
        gradients_D = torch.autograd.grad(loss_D, weights_D)
        for weight, gradient in zip(weights_G + weights_D, gradients_G + gradients_D):
            weight.grad = gradient
        self.opt_G.step()
        self.opt_D.step()


class PyTorchGAN(ConvPeer):
    """PyTorch-GAN 모음의 DCGAN입니다.

    출처: https://github.com/eriklindernoren/PyTorch-GAN 의 implementations/dcgan/dcgan.py
    하이퍼파라미터: 32×32, z 100차원, batch 64, Adam 2e-4(β 0.5, 0.999), dropout2d 0.25, 초기 가중치 N(0, 0.02²).
    배치 정규화의 `0.8`은 원본대로 ε의 자리에 둡니다.
    한 스텝: G를 먼저 고치고, 같은 가짜로 D를 고칩니다. D의 손실은 진짜와 가짜의 평균입니다.
    어긋난 점: 위의 공통된 것뿐입니다.
    """

    name = "PyTorch-GAN의 dcgan"
    size = 32

    def __init__(self):
        def down(inputs, outputs):
            return nn.Conv2d(inputs, outputs, 3, 2, 1), nn.LeakyReLU(0.2), nn.Dropout2d(0.25)

        def up(inputs, outputs):
            conv = nn.Conv2d(inputs, outputs, 3, padding=1)
            return nn.Upsample(scale_factor=2), conv, nn.BatchNorm2d(outputs, 0.8), nn.LeakyReLU(0.2)

        self.G = nn.Sequential(
            *(nn.Linear(100, 128 * 8 * 8), nn.Unflatten(1, (128, 8, 8)), nn.BatchNorm2d(128)),
            *up(128, 128),
            *up(128, 64),
            *(nn.Conv2d(64, 1, 3, padding=1), nn.Tanh()),
        ).apply(start_like_dcgan)
        self.D = nn.Sequential(
            *down(1, 16),
            *(*down(16, 32), nn.BatchNorm2d(32, 0.8)),
            *(*down(32, 64), nn.BatchNorm2d(64, 0.8)),
            *(*down(64, 128), nn.BatchNorm2d(128, 0.8)),
            *(nn.Flatten(), nn.Linear(128 * 2 * 2, 1)),
        ).apply(start_like_dcgan)
        self.opt_G, self.opt_D = optimizers(torch.optim.Adam, self.G, self.D, lr=2e-4, betas=(0.5, 0.999), fused=True)

    def step(self, real):
        fake = self.G(self.noise(len(real)))
        update(self.opt_G, g_loss(self.D(fake)))
        update(self.opt_D, d_loss(self.D(real), self.D(fake.detach())) / 2)


class PyTorchExamples(ConvPeer):
    """PyTorch 공식 예제의 DCGAN입니다.

    출처: https://github.com/pytorch/examples 의 dcgan/main.py (--dataset mnist)
    하이퍼파라미터: 64×64, z 100차원, batch 64, ngf = ndf = 64, Adam 2e-4(β 0.5, 0.999), 초기 가중치 N(0, 0.02²).
    한 스텝: D를 고치고, 같은 가짜로 G를 고칩니다.
    어긋난 점: 위의 공통된 것뿐입니다.
    """

    name = "pytorch/examples의 dcgan"
    size = 64

    def __init__(self):
        def up(inputs, outputs, stride=2, padding=1):
            return nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False)

        def down(inputs, outputs, stride=2, padding=1):
            return nn.Conv2d(inputs, outputs, 4, stride, padding, bias=False)

        self.G = nn.Sequential(
            nn.Unflatten(1, (100, 1, 1)),
            *(up(100, 512, 1, 0), nn.BatchNorm2d(512), nn.ReLU()),
            *(up(512, 256), nn.BatchNorm2d(256), nn.ReLU()),
            *(up(256, 128), nn.BatchNorm2d(128), nn.ReLU()),
            *(up(128, 64), nn.BatchNorm2d(64), nn.ReLU()),
            *(up(64, 1), nn.Tanh()),
        ).apply(start_like_dcgan)
        self.D = nn.Sequential(
            *(down(1, 64), nn.LeakyReLU(0.2)),
            *(down(64, 128), nn.BatchNorm2d(128), nn.LeakyReLU(0.2)),
            *(down(128, 256), nn.BatchNorm2d(256), nn.LeakyReLU(0.2)),
            *(down(256, 512), nn.BatchNorm2d(512), nn.LeakyReLU(0.2)),
            *(down(512, 1, 1, 0), nn.Flatten()),
        ).apply(start_like_dcgan)
        self.opt_G, self.opt_D = optimizers(torch.optim.Adam, self.G, self.D, lr=2e-4, betas=(0.5, 0.999), fused=True)

    def step(self, real):
        fake = self.G(self.noise(len(real)))
        update(self.opt_D, d_loss(self.D(real), self.D(fake.detach())))
        update(self.opt_G, g_loss(self.D(fake)))


class KoreanTextbook(ConvPeer):
    """우리말 교재의 합성곱 GAN입니다.

    출처: 김성진, 『코딩셰프의 3분 딥러닝, 케라스맛』(한빛미디어, 2017) 7장,
    https://github.com/jskDr/keraspp 의 ex7_2_gan_cnn_mnist_tf.py
    하이퍼파라미터: 28×28, z 10차원(균등분포), batch 16, SGD 5e-4(모멘텀 0.9, Nesterov), tanh.
    한 스텝: 진짜 16장과 가짜 16장을 이어 붙인 미니배치로 D를 고치고, 새 z로 G를 고칩니다. D에게 보일 가짜는
    `predict`, 곧 평가 모드로 그립니다.
    어긋난 점: 교재는 기본값으로 32장만 2,000스텝(1,000에폭) 가르칩니다. 여기서는 60,000장을 모두 주고 에폭마다
    섞습니다.
    """

    name = "우리말 교재의 합성곱 GAN"
    batch, paints_in_eval = 16, True

    def __init__(self):
        self.G = nn.Sequential(
            *(nn.Linear(10, 1024), nn.Tanh()),
            *(nn.Linear(1024, 128 * 7 * 7), nn.Tanh(), nn.BatchNorm1d(128 * 7 * 7, eps=1e-3, momentum=0.01)),
            *(nn.Unflatten(1, (128, 7, 7)), nn.Upsample(scale_factor=2)),
            *(nn.Conv2d(128, 64, 5, padding=2), nn.Tanh(), nn.Upsample(scale_factor=2)),
            *(nn.Conv2d(64, 1, 5, padding=2), nn.Tanh()),
        ).apply(start_like_keras)
        self.D = nn.Sequential(
            *(nn.Conv2d(1, 64, 5, padding=2), nn.Tanh(), nn.MaxPool2d(2)),
            *(nn.Conv2d(64, 128, 5), nn.Tanh(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(128 * 5 * 5, 1024), nn.Tanh(), nn.Linear(1024, 1)),
        ).apply(start_like_keras)
        self.opt_G, self.opt_D = optimizers(torch.optim.SGD, self.G, self.D, lr=5e-4, momentum=0.9, nesterov=True)

    def noise(self, count):
        return 2 * torch.rand(count, 10) - 1

    def step(self, real):
        with torch.no_grad():
            fake = self.G.eval()(self.noise(len(real)))
        real_logits, fake_logits = self.D(torch.cat([real, fake])).chunk(2)
        update(self.opt_D, d_loss(real_logits, fake_logits) / 2)
        update(self.opt_G, g_loss(self.D(self.G.train()(self.noise(len(real))))))


CONV_PEERS = [TensorFlowTutorial, PyTorchGAN, PyTorchExamples, KoreanTextbook]


class FourMoments:
    """수 500개의 네 적률만 보는 ‘50줄 GAN’입니다.

    출처: Dev Nag, ‘Generative Adversarial Networks (GANs) in 50 lines of code (PyTorch)’(2017)의 코드
    https://github.com/devnag/pytorch-generative-adversarial-networks 의 gan_pytorch.py(네 적률을 보는 나중 판)
    하이퍼파라미터: 묶음 500개, SGD 1e-3(모멘텀 0.9), D 20스텝과 G 20스텝을 번갈아, D는 폭 10의 시그모이드,
    G는 폭 5의 tanh, 잡음은 0과 1 사이의 균등분포.
    어긋난 점: 원본은 모두 20만 스텝(5,000에폭×40)에서 끝나지만 여기서는 시간으로 끊습니다.
    """

    name = "네 적률을 보는 50줄 GAN"
    count, turn = 500, 20

    def __init__(self, mean, sd):
        self.mean, self.sd = mean, sd
        self.G = nn.Sequential(nn.Linear(1, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 1))
        self.D = nn.Sequential(nn.Linear(4, 10), nn.Sigmoid(), nn.Linear(10, 10), nn.Sigmoid(), nn.Linear(10, 1))
        self.opt_G, self.opt_D = optimizers(torch.optim.SGD, self.G, self.D, lr=1e-3, momentum=0.9)

    def fake_moments(self):
        return moments(self.G(torch.rand(self.count, 1)))

    def step_D(self):
        real = self.mean + self.sd * torch.randn(self.count, 1)
        with torch.no_grad():
            fake = self.fake_moments()
        update(self.opt_D, d_loss(self.D(moments(real)), self.D(fake)))

    def step_G(self):
        update(self.opt_G, g_loss(self.D(self.fake_moments())))

    def train(self, seconds):
        """`seconds`초가 지날 때까지 학습하고, D와 G를 따로 센 스텝의 수를 돌려줍니다."""
        end, steps = time.perf_counter() + seconds, 0
        for step in cycle([self.step_D] * self.turn + [self.step_G] * self.turn):
            if time.perf_counter() >= end:
                return steps
            step()
            steps += 1

    @torch.no_grad()
    def sample(self, count):
        """학습한 생성자로 수 `count`개를 만듭니다. 배열, 모양 N."""
        return self.G(torch.rand(count, 1)).numpy().ravel()


class TextbookNumbers:
    """수 100개를 한 묶음으로 보는 우리말 교재의 GAN입니다.

    출처: 김성진, 『코딩셰프의 3분 딥러닝, 케라스맛』(한빛미디어, 2017) 7장,
    https://github.com/jskDr/keraspp 의 ex7_1_gan_dnn_prob.py
    하이퍼파라미터: 묶음 하나(100개), 잡음은 0과 1 사이의 균등분포, Adam 2e-4, D 1스텝에 G 5스텝, 폭 50. D는 수마다
    묶음의 평균에서 벗어난 정도의 제곱을 덧붙여 봅니다. 원본은 40,000라운드에서 끝납니다.
    어긋난 점: 원본의 `epoch`를 라운드라고 부르며, 시간으로도 끊을 수 있습니다.
    """

    name = "우리말 교재의 GAN(3분 딥러닝 7장)"
    count, d_steps, g_steps = 100, 1, 5

    def __init__(self, mean, sd):
        self.mean, self.sd = mean, sd
        self.G = nn.Sequential(nn.Linear(1, 50), nn.ReLU(), nn.Linear(50, 50), nn.Sigmoid(), nn.Linear(50, 1))
        self.D = nn.Sequential(nn.Linear(2 * self.count, 50), nn.ReLU(), nn.Linear(50, 50), nn.ReLU(), nn.Linear(50, 1))
        for net in (self.G, self.D):
            net.apply(start_like_keras)
        self.opt_G, self.opt_D = optimizers(torch.optim.Adam, self.G, self.D, lr=2e-4, fused=True)

    def judge(self, x):
        """묶음 하나(100×1)의 로짓. 수 100개와, 묶음의 평균에서 벗어난 정도의 제곱 100개를 봅니다."""
        return self.D(torch.cat([x, (x - x.mean()).square()]).T)

    def round(self):
        for _ in range(self.d_steps):
            real = self.mean + self.sd * torch.randn(self.count, 1)
            with torch.no_grad():
                fake = self.G(torch.rand(self.count, 1))
            update(self.opt_D, d_loss(self.judge(real), self.judge(fake)))
        for _ in range(self.g_steps):
            update(self.opt_G, g_loss(self.judge(self.G(torch.rand(self.count, 1)))))

    def train(self, seconds):
        """`seconds`초가 지날 때까지 학습하고 라운드의 수를 돌려줍니다."""
        end, rounds = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            self.round()
            rounds += 1
        return rounds

    @torch.no_grad()
    def sample(self, count):
        """학습한 생성자로 수 `count`개를 만듭니다. 배열, 모양 N."""
        return self.G(torch.rand(count, 1)).numpy().ravel()


def moments(x):
    """수 묶음(N×1)의 평균, 표준편차, 왜도, 초과첨도를 모양 1×4로 돌려줍니다."""
    sd, mean = torch.std_mean(x, correction=0)
    scores = (x - mean) / sd
    return torch.stack([mean, sd, scores.pow(3).mean(), scores.pow(4).mean() - 3]).unsqueeze(0)
