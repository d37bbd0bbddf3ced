// 살아 있는 평면의 무대의 화면. 라운드는 파이썬이 하고, 여기에서는 받은 그림을 그립니다. shared.js와 live.js가 앞에 옵니다.
const REACH = 3, SIDE = 40, MODES = 8, MOST = 400; // 평면의 끝, D를 잰 격자, 봉우리의 수, 그릴 수 있는 점의 수
const LEFT = 30, BELOW = 38, EDGE = 6; // 평면 둘레의 자리(픽셀)
const ARROW = 0.25, LONGEST = 0.8, STEEPEST = 8; // 기울기 1의 화살표, 가장 긴 화살표, 보내오는 가장 큰 기울기
const APART = 0.08, STRIDE = 0.1; // 그린 점의 사이, 화살표 키 한 번에 붓이 가는 거리
const MORE = `.play .cols { display: flex; flex-wrap: wrap; gap: 10px 18px; } .play .plane { flex: 1.25 1 300px; max-width: 440px; position: relative; }
.play .plane canvas { display: block; width: 100%; } .play .side { flex: 1 1 230px; min-width: 0; align-self: center; } .play .plane .board { position: absolute; left: ${LEFT}px; top: ${EDGE}px; right: ${EDGE}px; bottom: ${BELOW}px; }
.play .three { display: grid; grid-template-columns: 1.1fr 1.2fr 1fr; } .play .three b { display: block; font-size: 20px; font-variant-numeric: tabular-nums; } .play .shade { width: 60px; height: 12px; border: 1px solid var(--line); background: linear-gradient(90deg, transparent, ${JUDGE}aa); }`;

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

function plane(ui, model, local) {
  const { get, put, make, box, say } = ui;
  const { taped, now, history, playing, again, buttons, sentence, key, targets } = player(ui, model, local);
  const ring = () => now().now[0] !== null; // 고른 데이터보다 그림이 한발 늦게 올 수 있어, 온 그림에서 읽습니다.
  const ready = () => get("target") == "ring", drawing = () => local.drawing || !ready();
  const modal = { style: () => ring() ? "" : "display:none" }; // 봉우리가 있을 때에만 보이는 것
  const NUMBERS = ["덮은 모드 수", "유효한 비율", "TV"];
  const three = () => {
    const [modes, valid, tv] = now().now;
    return [ring() ? `${modes} / ${MODES}` : "–", `${Math.round(100 * valid)}%`, ring() ? tv.toFixed(2) : "–"];
  };

  // ── 평면: D의 지도, 진짜, 가짜, 화살표 ──
  const sheet = make("canvas", { role: "img", "aria-label": () => `평면에 그린 D의 지도, 진짜, 가짜와 화살표. ${three().map((x, i) => `${NUMBERS[i]} ${x}`).join(", ")}` });
  const heat = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const shade = judged => {
    const image = new ImageData(SIDE, SIDE), [r, g, b] = [1, 3, 5].map(i => parseInt(JUDGE.slice(i, i + 2), 16));
    for (let i = 0; i < SIDE * SIDE; i++) // 아래 줄부터 옵니다.
      image.data.set([r, g, b, judged[i] * 0.65], 4 * ((SIDE - 1 - Math.floor(i / SIDE)) * SIDE + i % SIDE));
    heat.getContext("2d").putImageData(image, 0, 0);
  };
  ui.live.push(() => {
    const wide = Math.max(200, frame.clientWidth), side = wide - LEFT - EDGE, high = side + EDGE + BELOW, dense = devicePixelRatio || 1;
    if (sheet.width != Math.round(wide * dense)) {
      Object.assign(sheet, { width: Math.round(wide * dense), height: Math.round(high * dense) });
      sheet.style.height = `${high}px`;
    }
    const style = getComputedStyle(sheet), color = name => style.getPropertyValue(name), ctx = sheet.getContext("2d");
    const at = (x, y) => [LEFT + side * (x / REACH + 1) / 2, EDGE + side * (1 - y / REACH) / 2], unit = side / REACH / 2;
    const discs = (points, r, fill) => { // 한 길로 이어 한꺼번에 칠하면 빠릅니다.
      ctx.beginPath();
      for (const [x, y] of points) { ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 7); }
      ctx.fillStyle = fill;
      ctx.fill();
    };
    const write = (text, x, y, fill, align = "center") => { Object.assign(ctx, { fillStyle: fill, textAlign: align, textBaseline: "middle" }); ctx.fillText(text, x, y); };
    ctx.setTransform(dense, 0, 0, dense, 0, 0);
    ctx.clearRect(0, 0, wide, high);
    ctx.font = `12px ${style.fontFamily}`;
    shade(bytes(now().judged));
    ctx.drawImage(heat, LEFT, EDGE, side, side);
    Object.assign(ctx, { strokeStyle: color("--line"), lineWidth: 1 });
    ctx.strokeRect(LEFT, EDGE, side, side);
    for (const v of [-2, 0, 2]) {
      write(String(v).replace("-", "−"), at(v, 0)[0], EDGE + side + 12, color("--dim"));
      write(String(v).replace("-", "−"), LEFT - 6, at(0, v)[1], color("--dim"), "right");
    }
    write("x₁", at(0, 0)[0], EDGE + side + 28, color("--dim"));
    write("x₂", 8, at(0, 1)[1], color("--dim"));
    discs((local.stroke ? local.points : get("data")).map(p => at(...p)), 2, REAL + "bb");
    if (ring()) for (let i = 0; i < MODES; i++) write(i + 1, ...at(...[Math.cos, Math.sin].map(f => 2.55 * f(2 * Math.PI * i / MODES))), color("--dim"));
    const pairs = (text, reach) => [...bytes(text)].flatMap((b, i, all) => i % 2 ? [[reach * (all[i - 1] / 127.5 - 1), reach * (b / 127.5 - 1)]] : []);
    const fakes = pairs(now().fakes, REACH).map(p => at(...p));
    discs(fakes, 2.8, color("--back"));
    discs(fakes, 2.2, FAKE);
    Object.assign(ctx, { strokeStyle: color("--ink"), lineWidth: 1.3 });
    ctx.save();
    ctx.beginPath();
    ctx.rect(LEFT, EDGE, side, side);
    ctx.clip();
    pairs(now().arrows, STEEPEST).forEach(([a, b], i) => {
      const steep = Math.hypot(a, b), long = Math.min(LONGEST, ARROW * steep) * unit, [x, y] = fakes[i];
      if (long < 4) return; // 점에 가리는 것은 그리지 않습니다.
      const [u, v] = [a / steep, -b / steep], [tx, ty] = [x + long * u, y + long * v];
      ctx.beginPath();
      ctx.moveTo(x + 2 * u, y + 2 * v);
      ctx.lineTo(tx, ty);
      for (const s of [-1, 1]) { ctx.moveTo(tx, ty); ctx.lineTo(tx - 4 * u + 2.5 * s * v, ty - 4 * v - 2.5 * s * u); }
      ctx.stroke();
    });
    ctx.restore();
    if (local.drawing && ready() && !local.stroke) write("여기를 끌어서 데이터를 그려 봅시다", at(0, 0)[0], at(0, 0.6)[1], REAL);
    if (document.activeElement == paper) { ctx.beginPath(); ctx.arc(...at(...local.pen), 6, 0, 7); ctx.lineWidth = local.down ? 4 : 1.5; ctx.stroke(); }
  });

  // ── 붓: 끌거나, 화살표로 옮기고 스페이스로 내리거나 올립니다. ──
  const spot = ([across, down]) => [REACH * (2 * across - 1), REACH * (1 - 2 * down)];
  const tidy = p => p.map(v => Number(within(v, -REACH, REACH).toFixed(2)) + 0);
  const begin = p => {
    local.points ??= ready() ? [] : [...get("target")];
    Object.assign(local, { stroke: true, down: true, pen: tidy(p) });
    if (local.points.length < MOST) local.points.push(local.pen);
    again();
  };
  const extend = p => { // 빨리 끌어도 사이가 비지 않게 잇습니다.
    const to = tidy(p), last = local.points?.at(-1);
    local.pen = to;
    if (local.down) {
      const steps = Math.floor(Math.hypot(to[0] - last[0], to[1] - last[1]) / APART);
      for (let i = 1; i <= steps && local.points.length < MOST; i++) local.points.push(tidy([0, 1].map(j => last[j] + (to[j] - last[j]) * i / steps)));
    }
    again();
  };
  const finish = () => {
    if (local.down) put({ target: (local.sent = [...local.points]) });
    Object.assign(local, { stroke: false, down: false });
    again();
  };
  const paper = board(ui, { class: "board", role: "application", style: () => drawing() && !taped ? "" : "display:none",
    "aria-label": () => `데이터를 그리는 평면. 붓은 (${local.pen.join(", ")})에 ${local.down ? "내려와" : "들려"} 있습니다. 화살표 키로 옮기고 스페이스로 내리거나 올립니다` }, {
    start: p => begin(spot(p)), move: p => extend(spot(p)), stop: finish,
    shift: (x, y) => extend([local.pen[0] + STRIDE * x, local.pen[1] - STRIDE * y]),
    key: name => name == " " && (local.down ? finish() : begin(local.pen), true),
  });
  paper.onfocus = again;
  paper.onblur = finish;
  const choose = target => Object.assign(local, { drawing: target == "drawn", points: null, stroke: false });
  const wipe = () => { Object.assign(local, { drawing: true, points: [], stroke: true, down: false }); again(); };
  const frame = box("plane", sheet, paper);

  // ── 막대와 내력 ──
  const rule = (x1, y1, x2, y2, color = "var(--line)") => line([[x1, y1], [x2, y2]], color, { width: 1 });
  function bars(w, h) {
    const right = w - 4, floor = h - 36, up = v => floor - (floor - 8) * v, wide = (right - 34) / MODES;
    let out = [0, 0.5, 1].map(v => rule(34, up(v), right, up(v)) + words(28, up(v) + 4, v == 0.5 ? "½" : v, { anchor: "end" })).join("");
    now().mass.forEach((mass, i) => {
      const x = 34 + wide * i, y = up(mass / 1000);
      out += `<rect x="${x + 3}" y="${y}" width="${wide - 6}" height="${floor - y}" fill="${FAKE}"/>` + words(x + wide / 2, floor + 15, i + 1);
    });
    return out + line([[34, up(1 / MODES)], [right, up(1 / MODES)]], "var(--dim)", { width: 2 }) + words((34 + right) / 2, h - 4, "모드");
  }
  function past(w, h) {
    const rows = history(), first = rows[0][0], last = Math.max(rows.at(-1)[0], first + 200), right = w - 34, floor = h - 42;
    const x = r => 34 + (right - 34) * (r - first) / (last - first), y = v => floor - (floor - 8) * v;
    let out = [0, 0.5, 1].map(v => rule(34, y(v), right, y(v)) + words(28, y(v) + 4, ring() ? MODES * v : "", { anchor: "end" }) +
      words(right + 6, y(v) + 4, v == 0.5 ? "½" : v, { anchor: "start" })).join("");
    rows.forEach((row, i) => { if (i && row[4] != rows[i - 1][4]) out += rule(x(row[0]), floor + 2, x(row[0]), floor + 9, "var(--ink)"); });
    out += line(rows.map(row => [x(row[0]), y(row[2])]), "var(--ink)", { width: 1.5, dash: "5 3" });
    if (ring()) out += line(rows.flatMap((row, i) => [...(i ? [[x(row[0]), y(rows[i - 1][1] / MODES)]] : []), [x(row[0]), y(row[1] / MODES)]]), FAKE);
    return out + words(34, h - 18, thousands(first)) + words(right, h - 18, thousands(last)) + words((34 + right) / 2, h - 4, "라운드");
  }

  // ── 화면 ──
  const choices = Object.entries(get("choices")), chosen = () => choices.map(([name, [label]]) => `${label} ${get("settings")[name]}`).join(", ");
  const special = () => {
    if (local.stroke && !local.points.length) return "빈 그림에서는 데이터를 뽑을 수 없습니다. 평면을 끌어 그려 봅시다. 그동안은 앞의 데이터로 배웁니다.";
    if (now().rounds <= 150) local.changed &&= "done"; // 처음으로 돌아간 그림이 왔습니다.
    else if (local.changed == "done") local.changed = "";
    return local.changed && !now().why && `고른 설정으로 바꾸고, 같은 시드에서 처음부터 다시 시작했습니다. ${playing() ? "" : "▶를 눌러 봅시다."}`;
  };
  return box("column", make("style", {}, LIVE + MORE), say(() => sentence(special, () => [`시드 ${get("seed")}`, ...(choices.length ? [chosen()] : [])].join(", "))), buttons,
    box("row keys", [[REAL, "진짜"], [FAKE, "가짜"]].map(([color, word]) => make("span", {}, make("i", { style: `color:${color}` }, "● "), make("small", {}, word))), make("span", { class: "choice" }, make("small", {}, "D(x) 0"), make("i", { class: "shade" }), make("small", {}, "1")),
      make("small", {}, "→ 가짜가 움직여야 G의 손실이 줄어드는 쪽 −∂손실/∂x")),
    box("cols", frame, box("column side tight", box("three", NUMBERS.map((name, i) => make("div", {}, make("small", {}, name), make("b", {}, () => three()[i])))),
      make("div", modal, ui.picture(180, "유효한 가짜 가운데 모드마다의 몫. 고르면 모두 8분의 1입니다", bars)),
      make("small", {}, () => ring() ? "막대: 유효한 가짜 가운데의 몫. 회색 선은 1/8" : "그린 데이터에는 정해진 모드가 없어서 유효한 비율만 잽니다."))),
    box("row keys", make("span", modal, key(FAKE, "덮은 모드 수(왼쪽 눈금)")),
      key("var(--ink)", "유효한 비율(오른쪽 눈금)", "dashed"), make("small", modal, () => `| 덮은 모드가 바뀐 횟수 ${thousands(now().now[3])}`)),
    ui.picture(118, "라운드에 따른 덮은 모드 수와 유효한 비율. 아래의 눈금은 덮은 모드가 바뀐 때입니다", past),
    !taped && box("switch foot", targets([["ring", "여덟 봉우리"]], drawing, choose, wipe),
      choices.map(([name, [label, values]]) => ui.choice(label, name, values.map(value => [value, String(value)]), () => { local.changed = "asked"; },
        () => get("settings")[name], value => put({ settings: { ...get("settings"), [name]: value } })))));
}

export default {
  render({ model, el }) {
    const local = { pen: [0, 0], drawing: false, points: null };
    return liveStage({ model, el }, ["settings"], local, plane, () => Object.assign(local, { points: null, drawing: false, stroke: false, down: false }));
  },
};
