// 살아 있는 무대의 화면. 라운드는 파이썬이 하고, 여기에서는 받은 그림을 그리고 단추와 붓을 내놓습니다. shared.js와 live.js가 앞에 옵니다.
const LOW = -1, HIGH = 9, BINS = 40, SAMPLES = 2000;
const TOP = 12, FLOOR = 182, STRIP = [196, 284], TALL = 326; // 밀도를 그리는 칸, 가짜 열다섯 개를 늘어놓는 칸(픽셀)
const ARROW = 0.8, LONGEST = 1.4; // 기울기 1의 화살표와 가장 긴 화살표(가로축의 단위)
const MORE = `.play .brush { position: absolute; top: ${TOP}px; height: ${FLOOR - TOP}px; left: 34px; right: 34px; touch-action: none; cursor: crosshair; border-radius: 6px; }`;

function stage(ui, model, local) {
  const { get, put, make, box, say } = ui;
  const { taped, now, history, again, buttons, sentence, key, targets } = player(ui, model, local);
  const animals = () => get("target") == "animals";
  const drawing = () => local.drawing || Array.isArray(get("target"));
  const name = () => get("average") ? "G_avg" : "G", unit = () => animals() ? 2 : 1; // 두 동물은 1이 2 kg입니다.
  const mean = i => (unit() * now().now[i]).toFixed(2);

  // ── 그림 ──
  const across = (x, w) => 34 + (w - 68) * (x - LOW) / (HIGH - LOW);
  const peak = () => Math.max(...get("data").map(([, y]) => y));
  const top = () => drawing() && local.heights && Math.max(...local.heights) > 0 && !local.stroke
    ? peak() / Math.max(...local.heights) : peak() * 1.7;
  const rule = (x1, y1, x2, y2) => line([[x1, y1], [x2, y2]], "var(--line)", { width: 1 });
  const arrow = (x, y, slope, w) => {
    const long = (w - 68) / (HIGH - LOW) * within(ARROW * slope, -LONGEST, LONGEST);
    const end = within(x + long, 36, w - 36), back = end - 6 * Math.sign(long);
    return Math.abs(long) < 6 ? "" : line([[x, y], [back, y]], "var(--ink)", { width: 1.6 }) + // 점에 가리는 것은 그리지 않습니다.
      `<path d="M${end} ${y}L${back} ${y - 4}L${back} ${y + 4}Z" fill="var(--ink)"/>`;
  };
  function upper(w) {
    const { counts, judged, fakes } = now(), high = top(), right = w - 34;
    const up = y => FLOOR - (FLOOR - TOP) * within(y / high, 0, 1), down = d => FLOOR - (FLOOR - TOP) * d;
    let out = rule(34, FLOOR, right, FLOOR) + rule(34, TALL - 38, right, TALL - 38);
    for (const x of [0, 2, 4, 6, 8]) out += rule(across(x, w), TOP, across(x, w), TALL - 34) + words(across(x, w), TALL - 20, unit() * x);
    out += words((34 + right) / 2, TALL - 4, animals() ? "몸무게 (kg)" : "x");
    for (const d of [0, 0.5, 1]) out += words(right + 6, down(d) + 4, d == 0.5 ? "½" : d, { anchor: "start", color: JUDGE });
    out += words(right + 18, down(0.75) + 4, "D(x)", { color: JUDGE });
    const tick = [0.1, 0.2, 0.5, 1, 2].find(t => high / t < 4.5) || 5;
    for (let y = 0; y <= high; y += tick) out += words(28, up(y) + 4, y ? y.toFixed(1) : "0", { anchor: "end" });
    const wide = (right - 34) / BINS, density = BINS / SAMPLES / (HIGH - LOW);
    out += `<path fill="${FAKE}" fill-opacity=".55" d="M34 ${FLOOR}${counts.map((n, i) =>
      `L${34 + wide * i} ${up(n * density)}h${wide}`).join("")}L${right} ${FLOOR}Z"/>`;
    const shape = local.stroke ? local.heights.map((h, i) => [LOW + (i + 0.5) / 4, h * high]) : get("data");
    const curve = shape.map(([x, y]) => [across(x, w), up(y)]);
    out += line(curve, REAL, { width: 3 }) + line(judged.map((d, i) => [34 + (right - 34) * i / (judged.length - 1), down(d / 100)]), JUDGE);
    fakes.forEach(([x, slope], i) => {
      const y = STRIP[1] - (STRIP[1] - STRIP[0]) * (i + 0.5) / fakes.length;
      if (x > LOW && x < HIGH) out += arrow(across(x, w), y, slope, w) + dot(across(x, w), y, 3.5, FAKE);
    });
    out += words(28, STRIP[0] + 10, "1", { anchor: "end" }) + words(16, (STRIP[0] + STRIP[1]) / 2 + 4, "z") + words(28, STRIP[1], "−1", { anchor: "end" });
    if (local.drawing && !Array.isArray(get("target")) && !local.stroke) out += words((34 + right) / 2, 60, "여기를 끌어서 데이터의 분포를 그려 봅시다", { bold: true, color: REAL });
    return out;
  }
  function lower(w, h) {
    const rows = history(), first = rows[0][0], last = Math.max(rows.at(-1)[0], first + 100), right = w - 34;
    const x = r => 34 + (right - 34) * (r - first) / (last - first), y = v => h - 34 - (h - 42) * within(v / 8, -0.05, 1.05);
    let out = [0, 4, 8].map(v => rule(34, y(v), right, y(v)) + words(28, y(v) + 4, unit() * v, { anchor: "end" })).join("");
    for (const [column, color, style] of [[3, REAL, { width: 2 }], [1, FAKE, { width: 1.5 }], [2, "var(--ink)", { width: 2.5, dash: "6 4" }]])
      out += line(rows.map(row => [x(row[0]), y(row[column])]), color, style);
    return out + words(34, h - 18, thousands(first)) + words(right, h - 18, thousands(last)) + words((34 + right) / 2, h - 4, "라운드");
  }

  // ── 붓: 마우스와 손가락으로 끌거나, 화살표로 옮기고 높입니다. ──
  const middle = i => LOW + (i + 0.5) * (HIGH - LOW) / BINS;
  const heights = () => local.heights ??= Array.isArray(get("target")) && get("target").length == BINS ? get("target").map(h => 0.6 * h / Math.max(...get("target"))) : Array(BINS).fill(0);
  const finish = () => {
    local.stroke = false;
    local.empty = !heights().some(h => h > 0);
    if (!local.empty) put({ target: (local.sent = heights().map(h => Number(h.toFixed(3)))) });
    again();
  };
  const paint = event => {
    const area = brush.getBoundingClientRect(), h = within((area.bottom - event.clientY) / area.height, 0, 1);
    const i = within(Math.floor(BINS * (event.clientX - area.left) / area.width), 0, BINS - 1), from = local.stroke ? local.brush : i;
    heights();
    for (let j = Math.min(i, from); j <= Math.max(i, from); j++) // 빨리 끌어도 사이가 비지 않게 잇습니다.
      local.heights[j] = i == from ? h : local.level + (h - local.level) * (j - from) / (i - from);
    Object.assign(local, { stroke: true, brush: i, level: h });
    again();
  };
  const brush = make("div", { class: "brush", role: "slider", tabindex: 0, "aria-label": "데이터를 그리는 붓. 왼쪽과 오른쪽 화살표로 옮기고 위와 아래 화살표로 높이를 바꿉니다",
    "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": () => Math.round(100 * (local.heights?.[local.brush] || 0)),
    "aria-valuetext": () => `x = ${(middle(local.brush) * unit()).toFixed(1)}에서 높이 ${Math.round(100 * (local.heights?.[local.brush] || 0))}`,
    style: () => drawing() && !taped ? "" : "display:none" });
  brush.onpointerdown = event => {
    brush.setPointerCapture(event.pointerId);
    brush.focus({ preventScroll: true });
    paint(event);
    event.preventDefault();
  };
  brush.onpointermove = event => { if (brush.hasPointerCapture(event.pointerId)) paint(event); };
  brush.onpointerup = brush.onpointercancel = () => local.stroke && finish();
  brush.onkeydown = event => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key], raise = { ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.2, PageDown: -0.2 }[event.key];
    if (!move && !raise) return;
    event.preventDefault();
    local.brush = within(local.brush + (move || 0), 0, BINS - 1);
    if (raise) {
      heights()[local.brush] = within(heights()[local.brush] + raise, 0, 1);
      finish();
    } else again();
  };
  const marker = w => drawing() && document.activeElement == brush ? line([[across(middle(local.brush), w), TOP], [across(middle(local.brush), w), FLOOR]], "var(--dim)", { width: 1, dash: "3 3" }) : "";
  brush.onfocus = brush.onblur = () => again();
  const choose = target => Object.assign(local, { drawing: target == "drawn", heights: null, stroke: false, empty: false });
  const wipe = () => { Object.assign(local, { drawing: true, heights: Array(BINS).fill(0), stroke: true, empty: true }); again(); local.stroke = false; };

  // ── 화면 ──
  const empty = () => local.empty && "빈 그림에서는 데이터를 뽑을 수 없습니다. 그림 위를 끌어 그려 봅시다. 그동안은 앞의 데이터로 배웁니다.";
  const named = { normal: "정규분포", animals: "두 동물" };
  const settings = () => `데이터 ${named[get("target")] || "직접 그린 것"}, 시드 ${get("seed")}, D의 스텝 ${get("k")}, 학습률 비 ${get("ratio")}, 그림은 ${name()}`;
  return box("column", make("style", {}, LIVE + MORE), say(() => sentence(empty, settings)), buttons,
    box("row keys", key(REAL, "데이터"), key(FAKE, () => `가짜 p_g(${name()})`), key(JUDGE, "D(x): 진짜일 확률(오른쪽 눈금)"),
      make("small", {}, "● → G(z) 열다섯 개와 손실이 줄어드는 쪽 −∂손실/∂x")),
    box("stack", ui.picture(TALL, "데이터와 가짜의 밀도, D의 곡선, 가짜 열다섯 개와 화살표", w => upper(w) + marker(w)), brush),
    box("row keys", key(FAKE, () => `G의 평균 ${mean(0)}`), key("var(--ink)", () => `G_avg의 평균 ${mean(1)}`, "dashed"),
      key(REAL, () => `데이터의 평균 ${mean(2)}`)),
    ui.picture(132, "라운드에 따른 G의 평균, G_avg의 평균, 데이터의 평균", lower),
    !taped && box("switch foot",
      targets([["normal", "정규분포"], ["animals", "두 동물"]], drawing, choose, wipe),
      ui.choice("D의 스텝 k", "k", [1, 2, 5].map(k => [k, String(k)])),
      ui.choice("학습률 비 D/G", "ratio", [0.2, 1, 10].map(r => [r, String(r)])),
      ui.choice("가중치 평균", "average", [[false, "끔"], [true, "켬"]])));
}

export default {
  render({ model, el }) {
    const local = { brush: BINS / 2, drawing: false, heights: null };
    return liveStage({ model, el }, ["k", "ratio", "average"], local, stage, () => Object.assign(local, { heights: null, drawing: false, empty: false }));
  },
};
