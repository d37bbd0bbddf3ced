// 그림판(kind "canvas")과 두 수를 한 번에 옮기는 판(kind "pad"). 상태는 모두 model에 있습니다.
const MORE = `.play .paper { width: 252px; height: 252px; background: #000; } .play .paper svg, .play .cross svg { position: absolute; inset: 0; }
.play .cross { width: 192px; height: 192px; border: 1px solid var(--dim); background: var(--soft); }
.play .seen { width: 140px; height: 140px; image-rendering: pixelated; background: #000; }
.play.bare { border: 0; padding: 4px 4px 4px 5em; background: none; }`;
const round = (x, digits) => Number(x.toFixed(digits));

function canvas(ui) {
  const { get, put, make, box, say } = ui;
  let drawn = null, pen = [0.5, 0.5], down = false; // 그리고 있는 획과, 화살표 키로 옮기는 붓의 자리
  const near = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]) < 0.012;
  const tidy = p => p.map(v => round(v, 3));
  const finish = () => {
    if (drawn) put({ strokes: [...get("strokes"), drawn] });
    drawn = null;
    down = false;
    refresh();
  };
  const extend = p => {
    pen = tidy(p);
    if (drawn && !near(drawn.at(-1), pen)) drawn.push(pen);
    refresh();
  };
  const paper = board(ui, { class: "board paper", role: "application", "aria-label":
    "그림판. 화살표 키로 붓을 옮기고, 스페이스로 붓을 내리거나 올립니다. 백스페이스는 마지막 획을 지웁니다." }, {
    start: p => { finish(); drawn = [pen = tidy(p)]; refresh(); },
    move: extend,
    stop: finish,
    shift: (x, y) => extend([within(pen[0] + x / 28, 0, 1), within(pen[1] + y / 28, 0, 1)]),
    key: name => {
      if (name == " " && down) finish();
      else if (name == " ") { down = true; drawn = [pen]; refresh(); }
      else if (name == "Backspace") undo();
      else return false;
      return true;
    },
  });
  const undo = () => {
    if (!drawn) put({ strokes: get("strokes").slice(0, -1) });
    drawn = null;
    down = false;
    refresh();
  };
  const refresh = () => {
    const lines = [...get("strokes"), ...(drawn ? [drawn] : [])].map(stroke =>
      `<polyline points="${[...stroke, stroke.at(-1)].map(p => p.join()).join(" ")}" fill="none" stroke="#fff" stroke-width="${get("pen")}" stroke-linecap="round" stroke-linejoin="round"/>`);
    const mark = `<circle class="pen" cx="${pen[0]}" cy="${pen[1]}" r="${get("pen") / 2}" fill="${down ? FAKE : "none"}" stroke="${FAKE}" stroke-width=".012"/>`;
    paper.innerHTML = `<svg viewBox="0 0 1 1" width="100%" height="100%">${lines.join("")}${document.activeElement == paper ? mark : ""}</svg>`;
  };
  paper.onfocus = refresh;
  paper.onblur = () => finish();
  ui.live.push(refresh);
  const seen = make("canvas", { class: "seen", width: 28, height: 28, role: "img", "aria-label": "신경망이 보는 28×28 그림" });
  ui.live.push(() => {
    const picture = new ImageData(28, 28);
    for (let i = 0; i < 784; i++) picture.data.set([0, 0, 0].fill(get("seen")[i] || 0).concat(255), 4 * i);
    seen.getContext("2d").putImageData(picture, 0, 0);
  });
  const empty = () => get("strokes").length == 0;
  return box("column", say(() => empty() ? "아직 비어 있습니다. 숫자 하나를 그려 봅시다." : "숫자 하나를 그려 봅시다."),
    box("row", paper, box("column", make("small", {}, "신경망이 보는 28×28 그림"), seen,
      box("row", ui.button("되돌리기", undo), ui.button("지우기", () => { drawn = null; put({ strokes: [] }); refresh(); })))),
    make("small", {}, "마우스나 손가락으로 그립니다. 키보드로는 화살표로 붓을 옮기고 스페이스로 내리거나 올립니다."));
}

function pad(ui) {
  const { get, put, make } = ui, reach = get("reach"), step = get("step"), size = 190;
  const go = point => put({ point: point.map(v => within(Math.round(v / step) * step, -reach, reach) + 0) });
  const drag = ([x, y]) => go([(2 * x - 1) * reach, (1 - 2 * y) * reach]);
  const place = v => size * (v / reach + 1) / 2;
  const node = board(ui, { class: "board cross", role: "application",
    "aria-label": () => `${get("names")[0]} ${get("point")[0]}, ${get("names")[1]} ${get("point")[1]}. 화살표 키로 점을 옮깁니다.` }, {
    start: drag, move: drag, shift: (x, y) => go([get("point")[0] + step * x, get("point")[1] - step * y]),
  });
  ui.live.push(() => {
    const [x, y] = [place(get("point")[0]), place(-get("point")[1])], middle = size / 2;
    node.innerHTML = `<svg width="${size}" height="${size}">` + line([[0, middle], [size, middle]], "var(--dim)", { width: 1 }) +
      line([[middle, 0], [middle, size]], "var(--dim)", { width: 1 }) +
      words(size - 6, middle - 6, `${get("names")[0]} →`, { anchor: "end", color: "var(--ink)" }) + words(middle + 6, 16, `↑ ${get("names")[1]}`, { anchor: "start", color: "var(--ink)" }) +
      dot(x, y, 11, "#5d5d5d", 'stroke="#fff" stroke-width="2"') + "</svg>";
  });
  return node;
}

export default {
  render({ model, el }) {
    const kind = model.get("kind"), close = panel(model, el, ["point", "names", "strokes", "seen"], () => kind, kind == "pad" ? pad : canvas);
    const root = el.querySelector(".play");
    root.classList.toggle("bare", kind == "pad");
    root.append(Object.assign(document.createElement("style"), { textContent: MORE }));
    return close;
  },
};
