// 놀잇감들이 함께 쓰는 것: 색과 모양, 끌 수 있는 손잡이, 동전, 곡선, 난수.
const REAL = "#0072B2", FAKE = "#D55E00", JUDGE = "#009E73";
// 색을 칠한 단추와 손잡이와 동전의 글자색. 주황과 초록 위의 흰 글자는 명암비가 4.5보다 낮습니다.
const inkOn = color => color == FAKE || color == JUDGE ? "#000" : "#fff";
const filled = color => `background:${color};color:${inkOn(color)}`;
const STYLE = `
.play { container-type: inline-size; --line: var(--jp-border-color2, #d5d5d5); --soft: var(--jp-layout-color2, #f1f1f1); --back: var(--jp-layout-color1, #fff);
  --ink: var(--jp-ui-font-color1, #1f1f1f); --dim: var(--jp-ui-font-color2, #636363);
  box-sizing: border-box; max-width: 800px; padding: 14px 16px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--back); color: var(--ink); font: 14px/1.5 var(--jp-ui-font-family, system-ui), "Noto Sans KR", sans-serif; }
@media (prefers-color-scheme: dark) { .play { --line: var(--jp-border-color2, #555); --soft: var(--jp-layout-color2, #2b2b2b);
  --back: var(--jp-layout-color1, #1b1b1b); --ink: var(--jp-ui-font-color1, #eee); --dim: var(--jp-ui-font-color2, #aaa); } }
.play * { box-sizing: border-box; } .play, .play * { word-break: keep-all; overflow-wrap: anywhere; } .play p { margin: 0; } .play small, .play .dim { color: var(--dim); font-size: 13px; }
.play .say { font-size: 17px; font-weight: 600; line-height: 1.45; text-wrap: pretty; }
.play .row { display: flex; flex-wrap: wrap; gap: 10px 22px; align-items: center; }
.play .column { display: flex; flex-direction: column; gap: 12px; min-width: 0; } .play .row > .grow { flex: 1 1 270px; }
.play .ends { justify-content: space-between; } .play .middle { justify-content: center; }
.play button { font: inherit; color: var(--ink); background: var(--soft); border: 1px solid var(--line); border-radius: 8px;
  min-height: 36px; padding: 4px 12px; cursor: pointer; }
.play button:disabled { opacity: .45; cursor: default; } .play button[aria-pressed=true] { background: #5d5d5d; color: #fff; }
.play .main { font-size: 17px; font-weight: 700; border: 0; min-height: 48px; padding: 8px 26px; }
.play :focus-visible { outline: 3px solid #56B4E9; outline-offset: 2px; }
.play .choice { display: inline-flex; align-items: center; gap: 6px; } .play .choice button { min-height: 32px; padding: 2px 10px; }
.play .slider { position: relative; touch-action: none; cursor: pointer; user-select: none; -webkit-user-select: none; }
.play .slider.up { width: 64px; height: 190px; } .play .slider.flat { width: 100%; height: 54px; }
.play .rail, .play .fill, .play .half { position: absolute; border-radius: 8px; background: var(--soft); }
.play .rail { border: 1px solid var(--line); } .play .half { background: var(--dim); border-radius: 0; }
.play .up .rail { left: 20px; right: 20px; top: 0; bottom: 0; } .play .up .fill { left: 20px; right: 20px; bottom: 0; }
.play .half { left: 12px; right: 12px; top: 50%; height: 1px; }
.play .flat .rail { top: 19px; height: 16px; left: 0; right: 0; } .play .flat .fill { top: 19px; height: 16px; left: 0; }
.play .board { position: relative; touch-action: none; user-select: none; -webkit-user-select: none; cursor: crosshair; border-radius: 8px; }
.play .knob { position: absolute; display: grid; place-items: center; border-radius: 50%; font-weight: 700; font-size: 14px;
  width: 48px; height: 48px; box-shadow: 0 1px 5px #0007; border: 2px solid #fff; }
.play .up .knob { left: 8px; transform: translateY(50%); } .play .flat .knob { top: 3px; transform: translateX(-50%); }
.play [aria-disabled=true] { cursor: default; } .play [aria-disabled=true] .knob { box-shadow: none; border-color: var(--back); }
.play .coins { display: grid; grid-template-columns: repeat(10, minmax(0, 32px)); gap: 4px; }
.play .coin { aspect-ratio: 1; border-radius: 50%; display: grid; place-items: center; font-size: 12px; line-height: 1; border: 2px solid; animation: toss .3s both; }
@container (max-width: 420px) { .play .row { gap: 8px 10px; } .play .choice { gap: 3px; } .play .choice button { padding: 2px 7px; } }
@keyframes toss { from { transform: translateY(-9px) rotateX(180deg); opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .play .coin { animation: none; } } .play .fast .coin { animation: none; }
.play svg { display: block; overflow: visible; } .play svg text { fill: var(--dim); font-size: 12px; font-family: inherit; }
.play input[type=range] { accent-color: #5d5d5d; width: 100%; min-width: 0; height: 30px; margin: 0; } .play table { border-collapse: collapse; }
.play .tight { gap: 5px; } .play .foot { border-top: 1px solid var(--line); padding-top: 10px; } .play .won { font-weight: 700; }
.play .gauges { flex-wrap: nowrap; gap: 6px; } .play .gauge { align-items: center; gap: 28px; margin-bottom: 24px; }
.play .plot { padding: 0 24px; gap: 2px; } .play .start { background: #5d5d5d; color: #fff; width: 34px; height: 34px; font-size: 12px; opacity: .85;
  transform: translate(-50%, -50%); cursor: move; touch-action: none; }
.play .scale { height: 190px; justify-content: space-between; text-align: right; margin-top: 25px; }
.play .cover i { width: 110px; height: 110px; border: 6px double var(--dim); border-radius: 50%; font-size: 54px; font-style: normal; line-height: 96px; color: var(--dim); }
.play .cover { min-height: 330px; justify-content: center; align-items: center; text-align: center; gap: 22px; }
.play td, .play th { padding: 3px 12px; text-align: right; border-bottom: 1px solid var(--line); }`;

const within = (x, low, high) => Math.min(high, Math.max(low, x));
const minus = x => x.toFixed(2).replace("-", "−");
const signed = x => (x < -0.005 ? "−" : x < 0.005 ? "" : "+") + Math.abs(x).toFixed(2);

// 시드가 같으면 같은 수열을 내는 난수(mulberry32).
function random(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function write(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

// 판 하나. 화면은 key()가 바뀔 때 screen()으로 새로 짓고, 그 밖에는 live에 든 함수들만 다시 부릅니다.
function panel(model, el, names, key, screen) {
  const root = el.appendChild(document.createElement("div"));
  root.className = "play";
  const ui = tools(model);
  let shown, frame;
  const draw = () => {
    frame = 0;
    if (key() !== shown) {
      const inside = root.contains(document.activeElement);
      shown = key();
      ui.live.length = 0;
      root.replaceChildren(ui.make("style", {}, STYLE), screen(ui));
      if (inside) root.querySelector(".main")?.focus({ preventScroll: true });
    }
    ui.live.forEach(f => f());
  };
  const later = () => { frame ||= requestAnimationFrame(draw); };
  for (const name of names) model.on(`change:${name}`, later);
  const watch = new ResizeObserver(later);
  watch.observe(root);
  write(model, { views: (ui.get("views") || 0) + 1 });
  draw();
  return () => {
    for (const name of names) model.off(`change:${name}`, later);
    watch.disconnect();
    cancelAnimationFrame(frame);
    write(model, { views: Math.max(0, ui.get("views") - 1) });
  };
}

// 화면을 짓는 도구. 글이나 속성 자리에 함수를 두면 그릴 때마다 다시 부릅니다.
function tools(model) {
  const live = [], get = name => model.get(name), put = values => write(model, values);
  const make = (tag, props = {}, ...children) => {
    const node = document.createElement(tag);
    // 여기에서 누른 글쇠는 JupyterLab의 단축키가 아닙니다. 없으면 dd가 셀을 지웁니다.
    if ("tabindex" in props || tag == "button" || tag == "input") node.setAttribute("data-lm-suppress-shortcuts", "true");
    for (const [name, value] of Object.entries(props)) {
      if (name.startsWith("on")) node[name] = value;
      else if (typeof value == "function") live.push(() => node.setAttribute(name, value()));
      else node.setAttribute(name, value);
    }
    for (const child of children.flat()) {
      if (typeof child == "function") {
        const text = node.appendChild(document.createTextNode(""));
        live.push(() => { if (text.data != child()) text.data = child(); });
      } else if (child) node.append(child);
    }
    return node;
  };
  const box = (kind, ...children) => make("div", { class: kind }, ...children);
  const say = text => make("p", { class: "say", "aria-live": "polite" }, text);
  // 드물게 바뀌는 부분: key의 값이 달라질 때만 다시 짓습니다.
  const part = (key, build, props) => {
    const node = make("div", props);
    let last;
    live.push(() => {
      const now = JSON.stringify(key());
      if (now !== last) node.replaceChildren(...[build()].flat());
      last = now;
    });
    return node;
  };
  const button = (label, onclick, color) =>
    make("button", { type: "button", onclick, ...(color && { class: "main", style: filled(color) }) }, label);
  const choice = (label, name, options, after, read = () => get(name), store = value => put({ [name]: value })) => make("span", { class: "choice", role: "group", "aria-label": label },
    make("small", {}, label), options.map(([value, word]) => make("button", { type: "button",
      "aria-pressed": () => read() === value, onclick: () => { store(value); after?.(); } }, word)));
  const range = (label, name, min, max, step, digits) => {
    const oninput = () => put({ [name]: Number(input.value) });
    const input = make("input", { type: "range", min, max, step, "aria-label": label, oninput });
    live.push(() => { input.value = get(name); });
    return make("label", {}, make("span", {}, () => `${label} ${get(name).toFixed(digits)}`), input);
  };
  const picture = (height, label, draw) => {
    const node = make("div", { role: "img", "aria-label": label, style: "width:100%;min-width:0" });
    live.push(() => {
      const width = Math.max(200, node.clientWidth);
      node.innerHTML = `<svg width="${width}" height="${height}">${draw(width, height)}</svg>`;
    });
    return node;
  };
  // 경찰의 두 답. set이 없으면 보기만 합니다.
  const gauges = set => box("row middle gauges",
    box("column scale dim", ["진짜", "모르겠다", "가짜"].map(word => make("span", {}, word))),
    [["d_head", "앞면"], ["d_tail", "뒷면"]].map(([name, face]) => box("column gauge", make("b", {}, `D(${face})`),
      slider({ make, live }, { label: `D(${face}): ${face}을 보고 진짜라고 믿는 정도`, up: true, color: JUDGE, low: 0.03, high: 0.97,
        get: () => get(name), set: set && (x => set({ [name]: x })), face: () => get(name).toFixed(2) }))));
  return { live, get, put, make, box, say, part, button, choice, range, picture, gauges, slider: options => slider({ make, live }, options) };
}

// 끄는 손잡이. 마우스와 손가락과 화살표로 움직입니다. set이 없으면 보기만 합니다.
function slider({ make, live }, { label, get, set, color, face, up = false, low = 0, high = 1, step = 0.01 }) {
  const fixed = !set && { "aria-disabled": true };
  const knob = make("div", { class: "knob", style: filled(color), role: "slider", tabindex: set ? 0 : -1, ...fixed,
    "aria-label": label, "aria-orientation": up ? "vertical" : "horizontal",
    "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": () => get().toFixed(2) }, face);
  const fill = make("div", { class: "fill", style: `background:${color}55` });
  const node = make("div", { class: `slider ${up ? "up" : "flat"}`, ...fixed },
    make("div", { class: "rail" }), fill, up && make("div", { class: "half" }), knob);
  live.push(() => {
    knob.style[up ? "bottom" : "left"] = fill.style[up ? "height" : "width"] = `${100 * get()}%`;
  });
  if (!set) return node;
  const move = x => set(within(Number((Math.round(x / step) * step).toFixed(6)), low, high));
  const drag = event => {
    const box = node.getBoundingClientRect();
    move(up ? (box.bottom - event.clientY) / box.height : (event.clientX - box.left) / box.width);
  };
  node.onpointerdown = event => {
    node.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
    drag(event);
    event.preventDefault();
  };
  node.onpointermove = event => { if (node.hasPointerCapture(event.pointerId)) drag(event); };
  const keys = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 0.1, PageDown: -0.1, Home: -2, End: 2 };
  knob.onkeydown = event => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    move(get() + keys[event.key]);
  };
  return node;
}

const SHIFTS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// 누른 채 움직이는 동안 start와 move를, 화살표 키를 누르면 shift를, 다른 키는 key를 부릅니다. 자리는 0에서 1까지입니다.
function board(ui, props, { start, move, stop, shift, key = () => false }) {
  const node = ui.make("div", { tabindex: 0, ...props });
  const at = event => {
    const box = node.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width, 0, 1), within((event.clientY - box.top) / box.height, 0, 1)];
  };
  node.onpointerdown = event => {
    if (event.button) return;
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    event.preventDefault();
    start(at(event));
  };
  node.onpointermove = event => { if (node.hasPointerCapture(event.pointerId)) move(at(event)); };
  node.onlostpointercapture = () => stop?.();
  node.onkeydown = event => {
    if (event.key in SHIFTS) shift(...SHIFTS[event.key]);
    else if (!key(event.key)) return;
    event.preventDefault();
  };
  return node;
}

// 던진 동전들: 채운 것이 앞면입니다. 많으면 막대 하나로 그립니다.
function coins({ make }, heads, n, color) {
  if (n > 40) {
    const bar = `linear-gradient(90deg, ${color} ${100 * heads / n}%, transparent 0)`;
    return make("div", { style: `height:22px;border-radius:6px;border:2px solid ${color};background:${bar}` });
  }
  return make("div", { class: "coins", "aria-hidden": true }, Array.from({ length: n }, (_, i) =>
    make("span", { class: i < heads ? "coin" : "coin tail", style: `border-color:${color};${i < heads ? filled(color) : ""};animation-delay:${20 * ((i * 7) % n)}ms` },
      i < heads ? "앞" : "뒤")));
}

// 꺾은선 하나(SVG). points는 [x, y]의 목록이며 픽셀입니다.
function line(points, color, { width = 2.5, dash = "", dots = false } = {}) {
  const d = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-dasharray="${dash}" stroke-linejoin="round"/>` +
    (dots ? points.map(([x, y]) => dot(x, y, 4, color)).join("") : "");
}
const dot = (x, y, r, color, more = "") => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r}" fill="${color}" ${more}/>`;
const words = (x, y, text, { anchor = "middle", color = "", bold = false } = {}) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" style="${color && `fill:${color};`}${bold ? "font-weight:700" : ""}">${text}</text>`;
