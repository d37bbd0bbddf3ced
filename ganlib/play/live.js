// 살아 있는 무대들의 화면이 함께 쓰는 것: 단추, 파이썬에게 하는 대답, 녹화, 멈춘 까닭. shared.js 다음에 옵니다.
const PATIENCE = 5000; // 커널의 대답을 기다리는 시간(ms)
const LOST = "커널이 대답하지 않습니다. 다른 셀이 실행되고 있으면 끝나기를 기다리고, 커널을 다시 시작했으면 이 셀을 다시 실행해 주세요.";
const LIVE = `.play .stack { position: relative; min-width: 0; } .play .main.go { min-width: 132px; min-height: 42px; padding: 4px 14px; } .play .keys { gap: 2px 16px; } .play .wrap { flex-wrap: wrap; }
.play .switch { display: flex; flex-wrap: wrap; gap: 8px 20px; }`;

const thousands = n => n.toLocaleString("ko-KR");

// 무대 하나의 단추와 녹화와 말. local은 화면이 다시 지어져도 남는 것입니다.
function player(ui, model, local) {
  const { get, put, make, box } = ui;
  const frames = get("recording")?.frames, taped = Boolean(frames);
  const now = () => taped ? frames[get("at")] : get("frame");
  const history = () => taped ? frames.slice(Math.max(0, get("at") - 200), get("at") + 1).map(f => [f.rounds, ...f.now])
    : [...now().history, [now().rounds, ...now().now]];
  const playing = () => taped ? Boolean(local.timer) : now().playing;
  const again = () => ui.live.forEach(f => f());
  const ask = local.ask = what => {
    local.asked = Date.now();
    put({ ask: [(get("ask")[0] || 0) + 1, what] });
  };
  ui.live.push(() => { // 받은 그림을 그릴 때마다 대답합니다. 대답이 없으면 파이썬이 멈춥니다.
    if (taped || now().number == local.number) return;
    Object.assign(local, { number: now().number, heard: Date.now(), asked: 0, lost: false });
    put({ seen: now().number });
  });

  const stop = () => { clearInterval(local.timer); local.timer = 0; };
  const turn = at => model.set("at", within(at, 0, frames.length - 1));
  const roll = () => {
    if (get("at") == frames.length - 1) turn(0);
    local.timer = setInterval(() => {
      if (get("at") < frames.length - 1) turn(get("at") + 1);
      else { stop(); again(); }
    }, 66);
  };
  const toggle = () => taped ? (local.timer ? stop() : roll(), again()) : ask(playing() ? "pause" : "play");
  const go = make("button", { type: "button", class: "main go", style: filled("#5d5d5d"), onclick: toggle },
    () => playing() ? "❚❚ 멈추기" : taped ? "▶ 녹화 보기" : "▶ 학습");
  const scrub = taped && make("input", { type: "range", min: 0, max: frames.length - 1, step: 1, "aria-label": "녹화의 순간",
    oninput: () => { stop(); turn(Number(scrub.value)); } });
  if (taped) ui.live.push(() => { scrub.value = get("at"); });
  const buttons = box("row", go, taped ? box("grow", scrub) : [ui.button("한 라운드", () => ask("step")),
    make("button", { type: "button", "aria-pressed": () => Boolean(get("slow")), onclick: () => put({ slow: !get("slow") }) }, "느리게"),
    ui.button("처음부터", () => ask("restart"))], make("small", {}, () => `${thousands(now().rounds)}라운드`));

  // 판에 보일 말. special()은 놀이만의 말, settings()는 녹화한 설정입니다.
  const sentence = (special, settings) => local.lost ? LOST : special() || (taped ? `녹화한 학습입니다: ${settings()}.`
    : now().why || (playing() ? "G와 D가 번갈아 배우고 있습니다." : now().rounds ? "멈추었습니다. ▶를 누르면 이어집니다." : "▶를 누르면 G와 D가 번갈아 배우기 시작합니다."));
  const key = (color, label, dash = "solid") => make("span", { class: "choice" },
    make("i", { style: `width:22px;border-top:3px ${dash} ${color}` }), make("small", {}, label));
  // 데이터를 고르는 단추들: ready는 [값, 글]의 목록이고, 끝에 직접 그리기와 지우기가 붙습니다.
  const targets = (ready, drawing, choose, wipe) => box("choice wrap", make("small", {}, "데이터"),
    [...ready, ["drawn", "직접 그리기"]].map(([target, word]) => make("button", { type: "button",
      "aria-pressed": () => target == "drawn" ? drawing() : !drawing() && get("target") == target,
      onclick: () => {
        choose(target);
        if (target != "drawn") put({ target });
        again();
      } }, word)),
    make("button", { type: "button", style: () => drawing() ? "" : "display:none", onclick: wipe }, "지우기"));
  return { frames, taped, now, history, playing, again, buttons, sentence, key, targets };
}

// 무대를 화면에 겁니다. 대답이 없는 커널을 알아차리고, 파이썬이 데이터를 바꾸면 changed를 부릅니다.
function liveStage({ model, el }, names, local, screen, changed) {
  const clock = setInterval(() => {
    const { asked, heard } = local, playing = model.get("frame")?.playing;
    if (local.lost || !((asked && Date.now() - asked > PATIENCE) || (playing && heard && Date.now() - heard > PATIENCE))) return;
    local.lost = true;
    local.redraw?.();
  }, 1000);
  const check = () => local.ask("look"); // 커널이 바뀌었습니다. 살아 있으면 그림을 다시 보냅니다.
  const heard = () => { if (JSON.stringify(model.get("target")) != JSON.stringify(local.sent)) changed(); };
  model.on("comm_live_update", check);
  model.on("change:target", heard);
  const close = panel(model, el, ["frame", "target", "data", "slow", "at", ...names], () => "", ui => {
    local.redraw = () => ui.live.forEach(f => f());
    return screen(ui, model, local);
  });
  return () => {
    clearInterval(clock);
    clearInterval(local.timer);
    model.off("comm_live_update", check);
    model.off("change:target", heard);
    close();
  };
}
