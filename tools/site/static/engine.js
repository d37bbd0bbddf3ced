// 생성자의 앞먹임: 선형층, 전치 합성곱, ReLU, tanh. 배치 정규화는 앞 층에 합쳐져 있습니다. 가중치는 float16입니다.
(() => {
  // float16 하나를 수로 바꿉니다.
  const half = bits => {
    const sign = bits & 0x8000 ? -1 : 1, power = (bits >> 10) & 31, part = bits & 1023;
    return sign * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -14 * (part / 1024));
  };
  const unpack = text => Float32Array.from(new Uint16Array(gan.bytes(text).buffer), half);
  const bend = { relu: x => (x > 0 ? x : 0), tanh: Math.tanh };

  function linear({ in: inputs, out }, x, weight, bias) {
    const y = new Float32Array(out);
    for (let i = 0; i < out; i++) {
      let sum = bias[i];
      for (let j = 0, at = i * inputs; j < inputs; j++) sum += weight[at + j] * x[j];
      y[i] = sum;
    }
    return y;
  }

  // 가중치는 (들어오는 채널, 행, 열, 나가는 채널)의 차례입니다. 안쪽의 반복이 이어진 수를 지나가야 빠릅니다.
  function deconv({ in: inputs, out, kernel, stride, padding }, x, weight, bias) {
    const side = Math.round(Math.sqrt(x.length / inputs)), big = (side - 1) * stride - 2 * padding + kernel;
    const sum = new Float32Array(big * big * out);
    for (let i = 0; i < x.length; i++) {
      const value = x[i], c = Math.floor(i / side / side), row = Math.floor(i / side) % side, column = i % side;
      if (!value) continue;
      for (let a = 0; a < kernel; a++) {
        const down = row * stride - padding + a;
        if (down < 0 || down >= big) continue;
        for (let b = 0; b < kernel; b++) {
          const across = column * stride - padding + b;
          if (across < 0 || across >= big) continue;
          const to = (down * big + across) * out, from = ((c * kernel + a) * kernel + b) * out;
          for (let o = 0; o < out; o++) sum[to + o] += value * weight[from + o];
        }
      }
    }
    return sum.map((_, i) => { // 다시 채널마다 늘어놓습니다.
      const o = Math.floor(i / big / big);
      return sum[(i % (big * big)) * out + o] + bias[o];
    });
  }

  // 층의 목록과 가중치를 받아, z를 그림(−1에서 1까지)으로 바꾸는 함수를 만듭니다.
  gan.engine = ({ layers, weights }) => {
    const all = unpack(weights);
    let at = 0;
    const take = count => all.subarray(at, (at += count));
    const steps = layers.map(layer => {
      if (layer.kind in bend) return x => x.map(bend[layer.kind]);
      if (layer.kind === "linear") {
        const weight = take(layer.in * layer.out), bias = take(layer.out);
        return x => linear(layer, x, weight, bias);
      }
      if (layer.kind === "deconv") {
        const weight = take(layer.in * layer.out * layer.kernel ** 2), bias = take(layer.out);
        return x => deconv(layer, x, weight, bias);
      }
      throw new Error(`이 쪽에서 계산하지 못하는 층입니다: ${layer.kind}`);
    });
    return z => steps.reduce((x, step) => step(x), Float32Array.from(z));
  };
  // −1에서 1까지의 그림을 28×28 캔버스에 그립니다.
  gan.paint = (canvas, x) => {
    const { width, height } = canvas, picture = new ImageData(width, height);
    x.forEach((value, i) => {
      const gray = Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5);
      picture.data.set([gray, gray, gray, 255], 4 * i);
    });
    canvas.getContext("2d").putImageData(picture, 0, 0);
  };
})();
