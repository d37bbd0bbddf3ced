// 그림판의 획을 MNIST처럼 다듬습니다: 20×20 상자에 맞추고, 무게중심을 28×28의 가운데에 놓습니다(ganlib.play.canvas.center_digit).
(() => {
  const RASTER = 280;
  // 획을 칠한 밝기(0–1).
  function ink(strokes, pen) {
    const sheet = Object.assign(document.createElement("canvas"), { width: RASTER, height: RASTER }).getContext("2d", { willReadFrequently: true });
    Object.assign(sheet, { strokeStyle: "#fff", lineWidth: pen * RASTER, lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) {
      sheet.beginPath();
      [...stroke, stroke.at(-1)].forEach(([x, y], i) => sheet[i ? "lineTo" : "moveTo"](RASTER * x + (i ? 0.01 : 0), RASTER * y)); // 점 하나도 찍히게 조금 옮깁니다.
      sheet.stroke();
    }
    const { data } = sheet.getImageData(0, 0, RASTER, RASTER);
    return Float32Array.from({ length: RASTER ** 2 }, (_, i) => Number(data[4 * i + 3] > 127)); // PIL처럼 가장자리를 흐리지 않습니다.
  }

  // 세모꼴 무게로 줄입니다(PIL의 BILINEAR). read(i)는 원래의 i번째 값입니다.
  function shrink(read, from, to) {
    const scale = from / to;
    return Array.from({ length: to }, (_, k) => {
      const center = (k + 0.5) * scale;
      let sum = 0, total = 0;
      for (let i = Math.max(0, Math.floor(center - scale)); i < Math.min(from, center + scale); i++) {
        const weight = Math.max(0, 1 - Math.abs((i + 0.5 - center) / scale));
        sum += weight * read(i);
        total += weight;
      }
      return sum / total;
    });
  }

  function tidy(strokes, pen) {
    const raster = ink(strokes, pen), lit = (x, y) => raster[y * RASTER + x];
    let [left, right, top, bottom] = [RASTER, -1, RASTER, -1];
    for (let y = 0; y < RASTER; y++) for (let x = 0; x < RASTER; x++) if (lit(x, y) > 0.02) {
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
    if (right < 0) return [];
    const wide = right - left + 1, tall = bottom - top + 1, most = Math.max(wide, tall);
    const [w, h] = [wide, tall].map(side => Math.max(1, Math.round(20 * side / most)));
    const rows = Array.from({ length: tall }, (_, y) => shrink(x => lit(left + x, top + y), wide, w));
    const columns = Array.from({ length: w }, (_, x) => shrink(y => rows[y][x], tall, h)); // columns[x][y]
    let mass = 0, sumX = 0, sumY = 0;
    for (let x = 0; x < w; x++) for (let y = 0; y < h; y++) {
      mass += columns[x][y]; sumX += x * columns[x][y]; sumY += y * columns[x][y];
    }
    const fit = (center, side) => Math.min(Math.max(Math.round(14 - center / mass), 0), 28 - side);
    const [atX, atY] = [fit(sumX, w), fit(sumY, h)], seen = Array(784).fill(0);
    for (let x = 0; x < w; x++) for (let y = 0; y < h; y++) seen[(atY + y) * 28 + atX + x] = Math.round(255 * Math.min(1, columns[x][y]));
    return seen;
  }

  gan.watchStrokes = model => model.on("change:strokes", () => model.set("seen", tidy(model.get("strokes"), model.get("pen"))));
})();
