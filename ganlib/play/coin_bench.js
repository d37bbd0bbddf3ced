// 손으로 움직여 보는 V(mode "duel")와 제동 없는 추격(mode "chase"). 상태는 모두 model에 있습니다.
const NAMES = ["phase", "p", "theta", "d_head", "d_tail", "police", "rounds", "eta", "steps", "start", "alternate"];
const UNSURE = -2 * Math.log(2); // 모르겠다는 답의 V, −log 4

const value = (p, theta, [head, tail]) =>
  p * Math.log(head) + (1 - p) * Math.log(tail) + theta * Math.log(1 - head) + (1 - theta) * Math.log(1 - tail);
const best = (p, theta) =>
  [p / Math.max(p + theta, 1e-9), (1 - p) / Math.max(2 - p - theta, 1e-9)].map(d => within(d, 0.03, 0.97));

// 움직이는 동안 누르면 멈추는 단추. step()이 false를 돌려주면 끝납니다.
function runner(ui, label, times, step, color) {
  let timer;
  const stop = () => { clearInterval(timer); timer = 0; node.textContent = label; };
  const node = ui.button(label, () => {
    if (timer) return stop();
    let left = times;
    node.textContent = "멈추기";
    timer = setInterval(() => { if (!node.isConnected || left-- <= 0 || step() === false) stop(); }, 33);
  }, color);
  return node;
}

// ── 손으로 움직여 보는 V ──
function duel(ui) {
  const { get, put, make, box, say } = ui, answers = () => [get("d_head"), get("d_tail")];
  const p = () => get("p"), theta = () => get("theta"), now = () => value(p(), theta(), answers());
  // 위조범이 θ를 옮깁니다. 최적 판별자라면 경찰의 답도 함께 바뀝니다.
  const move = (to, more = {}) => {
    const [d_head, d_tail] = get("police") == "best" ? best(p(), to) : answers();
    put({ theta: to, d_head, d_tail, ...more });
  };
  const step = () => {
    const [d_head, d_tail] = answers(), before = theta(), slope = Math.log(1 - d_head) - Math.log(1 - d_tail); // ∂V/∂θ
    const after = within(before - get("eta") * slope, 0, 1), round = (get("rounds").at(-1)?.round || 0) + 1;
    move(after, { rounds: [...get("rounds"), { round, theta: before, d_head, d_tail, points: now() - UNSURE }].slice(-300) });
    return Math.abs(after - before) > 1e-5;
  };
  const chart = ui.picture(230, "θ에 따른 V와 위조범의 지점", (w, h) => {
    const following = get("police") == "best", grid = Array.from({ length: 101 }, (_, i) => i / 100), floor = h - 22;
    const high = Math.max(value(p(), 0, best(p(), 0)), value(p(), 1, best(p(), 1)), now()) + 0.08, low = Math.min(-1.75, now() - 0.1);
    const x = t => w * t, y = v => floor - (floor - 12) * (v - low) / (high - low);
    const curve = (answer, look) => line(grid.map(t => [x(t), y(value(p(), t, answer(t)))]).filter(([, v]) => v > 0 && v < h), JUDGE, look);
    const trail = get("rounds").map((row, i, all) => dot(x(row.theta), y(row.points + UNSURE), 4, FAKE, `opacity="${0.15 + 0.5 * i / all.length}"`));
    // 진짜의 p와 최적의 답이 그리는 곡선은 경찰이 따라올 때만 보입니다.
    const bowl = following ? line([[x(p()), 12], [x(p()), floor]], REAL, { width: 2 }) +
      words(within(x(p()), 30, w - 30), 8, `p = ${p().toFixed(2)}`) + curve(t => best(p(), t), { width: 3.5 }) : "";
    return line([[0, y(UNSURE)], [w, y(UNSURE)]], "var(--dim)", { width: 1.5, dash: "2 4" }) +
      words(4, y(UNSURE) + 16, "−log 4", { anchor: "start" }) + words(4, 12, "V", { anchor: "start" }) +
      bowl + curve(answers, following ? { width: 1.5, dash: "4 4" } : {}) +
      trail.join("") + dot(x(theta()), y(now()), 11, FAKE, 'stroke="#fff" stroke-width="2"');
  });
  const story = () => {
    const above = now() - UNSURE;
    if (Math.abs(above) < 0.005) return `V = ${minus(now())}. −log 4와 같습니다: 경찰은 모르겠다고 답할 때만큼 얻습니다.`;
    return `V = ${minus(now())}. −log 4보다 ${Math.abs(above).toFixed(2)} ` +
      (above > 0 ? "높습니다: 경찰이 그만큼 구별합니다." : "낮습니다: 경찰은 모르겠다고 답하는 편이 낫습니다.");
  };
  return box("column", say(story),
    ui.choice("경찰", "police", [["hand", "손으로"], ["frozen", "멈춤"], ["best", "최적"]], () => move(theta())),
    box("row", box("column grow plot", chart,
      ui.slider({ label: "위조 동전이 앞면일 확률 θ", color: FAKE, face: "θ", get: theta, set: to => move(to) }),
      make("b", { style: "text-align:center" }, () => `위조 동전 θ = ${theta().toFixed(2)}`)),
    ui.gauges(get("police") == "hand" && put)),
    box("row ends", box("row", make("b", {}, "위조범"), ui.button("1스텝", step), runner(ui, "10스텝", 10, step), runner(ui, "▶ 끝까지", 400, step)),
      make("div", { style: "flex:1 1 150px;max-width:240px" }, ui.range("학습률", "eta", 0.01, 0.3, 0.01, 2)),
      ui.button("자취 지우기", () => put({ rounds: [] }))));
}

// ── 제동 없는 추격: 진짜는 0에, 위조범은 θ에 있고, 경찰의 기울기는 ψ입니다. V = −log 2 − softplus(ψθ) ──
function chase(ui) {
  const { get, put, make, box, say } = ui, sigmoid = x => 1 / (1 + Math.exp(-x)), far = ([theta, psi]) => Math.hypot(theta, psi);
  const path = () => {
    const points = [get("start")], eta = get("eta");
    for (let i = 0; i < get("steps"); i++) {
      const [theta, psi] = points[i], moved = psi - eta * theta * sigmoid(psi * theta);
      const slope = get("alternate") ? moved : psi;
      points.push([theta + eta * slope * sigmoid(slope * theta), moved]);
    }
    return points;
  };
  const HEIGHT = 340;
  let range = 2; // 평면에 보이는 θ와 ψ의 끝. 길이 커지면 두 배씩 늘립니다.
  const scale = () => 0.46 * Math.min(plane.clientWidth, HEIGHT) / range;
  const plane = ui.picture(HEIGHT, "위조범의 지점 θ와 경찰의 기울기 ψ의 평면", (w, h) => {
    const points = path(), [theta, psi] = points.at(-1);
    range = 2 * 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(...points.map(far)) / 1.9)));
    const x = t => w / 2 + scale() * t, y = v => h / 2 - scale() * v;
    const arrows = Array.from({ length: 81 }, (_, i) => {
      const t = (i % 9 - 4) * range / 4.5, v = (Math.floor(i / 9) - 4) * range / 4.5, size = 9 * sigmoid(v * t) / Math.max(4.5, far([t, v]) * 9 / range);
      return line([[x(t), y(v)], [x(t + v * size / 4.5), y(v - t * size / 4.5)]], "var(--line)", { width: 1.5 }) + dot(x(t), y(v), 1.5, "var(--dim)");
    });
    return arrows.join("") + line([[x(-range), y(0)], [x(range), y(0)]], "var(--dim)", { width: 1 }) +
      line([[x(0), y(-range)], [x(0), y(range)]], "var(--dim)", { width: 1 }) + words(x(range), y(0) + 16, range, { anchor: "end" }) +
      words(x(range), y(0) - 7, "위조범 θ", { anchor: "end", bold: true, color: FAKE }) +
      words(x(0) + 8, y(range) + 10, "경찰 ψ", { anchor: "start", bold: true, color: JUDGE }) +
      line([[x(0), y(0) - 7], [x(0), y(0) + 7]], "var(--ink)", { width: 4 }) + line([[x(0) - 7, y(0)], [x(0) + 7, y(0)]], "var(--ink)", { width: 4 }) +
      words(x(0) - 8, y(0) + 20, "균형", { anchor: "end", bold: true }) +
      line(points.map(([t, v]) => [x(t), y(v)]), "var(--ink)", { width: 1.5 }) +
      dot(x(theta), y(psi), 7, "var(--ink)", 'stroke="var(--back)" stroke-width="2"');
  });
  const place = (theta, psi) => put({ start: [theta, psi].map(v => within(Math.round(10 * v) / 10, -2, 2)) });
  const shifts = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
  const knob = make("div", { class: "knob start", tabindex: 0, role: "slider", "aria-label": "출발점",
    "aria-valuemin": -2, "aria-valuemax": 2, "aria-valuenow": () => get("start")[0],
    "aria-valuetext": () => `θ ${get("start")[0].toFixed(1)}, ψ ${get("start")[1].toFixed(1)}`,
    onpointerdown(event) {
      knob.setPointerCapture(event.pointerId);
      knob.focus({ preventScroll: true });
      event.preventDefault();
    },
    onpointermove(event) {
      if (!knob.hasPointerCapture(event.pointerId)) return;
      const frame = plane.getBoundingClientRect();
      place((event.clientX - frame.left - frame.width / 2) / scale(), (frame.top + HEIGHT / 2 - event.clientY) / scale());
    },
    onkeydown(event) {
      const shift = shifts[event.key];
      if (!shift) return;
      event.preventDefault();
      place(get("start")[0] + shift[0], get("start")[1] + shift[1]);
    } }, "출발");
  ui.live.push(() => {
    knob.style.left = `${plane.clientWidth / 2 + scale() * get("start")[0]}px`;
    knob.style.top = `${HEIGHT / 2 - scale() * get("start")[1]}px`;
  });
  const story = () => {
    const points = path();
    return `균형까지의 거리: 처음 ${far(points[0]).toFixed(2)}, ${get("steps")}스텝 뒤 ${far(points.at(-1)).toFixed(2)}`;
  };
  return box("column", say(story), box("row",
    make("div", { class: "grow", style: "position:relative" }, plane, knob),
    box("column grow",
      make("small", {}, "위조범은 θ를, 경찰은 기울기 ψ를 옮깁니다. 진짜 데이터는 0에 있고, 균형은 (0, 0)입니다. 출발점을 끌어 옮길 수 있습니다."),
      ui.choice("갱신", "alternate", [[false, "동시에"], [true, "번갈아"]]),
      ui.range("학습률 η", "eta", 0.01, 1, 0.01, 2), ui.range("스텝 수", "steps", 0, 300, 1, 0),
      box("row", runner(ui, "▶ 추격", 300, () => get("steps") < 300 && put({ steps: get("steps") + 1 }), "#5d5d5d"),
        ui.button("처음으로", () => put({ steps: 0 }))))));
}

export default {
  render({ model, el }) {
    const screen = model.get("mode") == "chase" ? chase : duel;
    return panel(model, el, NAMES, () => model.get("police"), screen);
  },
};
