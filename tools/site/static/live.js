// 움직이는 것: 미리 그려 둔 장면, 노트북과 같은 .js로 그리는 놀잇감, 뒤의 셀이 움직인 기록.

// ── 장면: 줄의 번호를 "0-2.7"처럼 묶어 적은 것을 풀어 SVG로 붙입니다. ──
function unpack({ parts, frames }, index) {
  return frames[index].split(".").map(run => {
    const [first, last = first] = run.split("-").map(word => parseInt(word, 36));
    return parts.slice(first, last + 1).join("\n");
  }).join("\n");
}

// 막대의 자리가 뜻하는 값. say는 그것을 옆에 적습니다.
gan.shown = input => input.dataset.values.split("|")[input.value];
gan.value = input => Number(gan.shown(input).replace("−", "-"));
gan.say = input => {
  const shown = gan.shown(input);
  input.setAttribute("aria-valuetext", shown);
  input.nextElementSibling.textContent = shown;
};

function frames(box) {
  const stage = box.querySelector(".stage"), inputs = [...box.querySelectorAll("input")];
  let drawn, waiting;
  const place = input => input.type === "checkbox" ? Number(input.checked) : Number(input.value);
  const draw = () => {
    waiting = 0;
    const index = inputs.reduce((sum, input) => sum * Number(input.dataset.count) + place(input), 0);
    if (index === drawn) return;
    drawn = index;
    const made = unpack(gan.frames[box.dataset.key], index);
    stage.innerHTML = made || "<p>이 자리에서는 값이 너무 커져 그릴 수 없습니다.</p>";
  };
  const follow = event => {
    if (event.target.type === "range") gan.say(event.target);
    gan.load(box.dataset.script).then(() => { waiting ||= requestAnimationFrame(draw); });
  };
  inputs.forEach(input => input.addEventListener("input", follow));
  gan.near([box], () => gan.load(box.dataset.script));
}

// ── 놀잇감: 커널 대신 상태만 들고 있는 model ──
gan.model = state => {
  const heard = {};
  return {
    get: name => state[name],
    set(name, value) {
      const same = JSON.stringify(state[name]) === JSON.stringify(value);
      state[name] = value;
      if (!same) (heard[`change:${name}`] || []).forEach(f => f());
    },
    on: (names, f) => names.split(" ").forEach(name => (heard[name] ??= []).push(f)),
    off: (name, f) => { heard[name] = (heard[name] || []).filter(g => g !== f); },
    save_changes() {},
    send() {},
  };
};
gan.players = {};

// 놀잇감을 엽니다. 녹화가 여럿이면 고른 것만 부릅니다.
function plaything(box) {
  const panel = box.querySelector(".panel"), { key, play } = box.dataset;
  const open = ({ value, dataset }) => gan.load(`${play} ${dataset.script}`).then(() => {
    gan.players[key]?.close?.();
    const model = gan.model(structuredClone(gan.states[value]));
    if (model.get("strokes")) gan.watchStrokes(model); // 그림판: 신경망이 볼 그림을 쪽에서 다듬습니다.
    panel.replaceChildren();
    gan.players[key] = { model, close: gan.play[play].render({ model, el: panel }) };
    box.classList.add("ready");
  });
  box.querySelectorAll("[type=radio]").forEach(input => { input.onchange = () => open(input); });
  return open(box.querySelector("input:checked, [type=hidden]"));
}

// ── 기록: 늘어나는 목록(라운드, 그림)은 하나씩 넣고, 나머지는 끝에 한꺼번에 넣습니다. ──
function replay(button) {
  const { player, key, script } = button.dataset, box = document.querySelector(`[data-key="${player}"]`);
  let timer;
  button.onclick = async () => {
    clearInterval(timer);
    await Promise.all([gan.load(script), gan.players[player] || plaything(box)]);
    const { model } = gan.players[player], change = gan.replays[key];
    const list = ["rounds", "cards"].find(name => Array.isArray(change[name]) && change[name].length > 1);
    const finish = () => {
      clearInterval(timer);
      Object.entries(change).forEach(([name, value]) => name === "views" || model.set(name, structuredClone(value)));
    };
    box.scrollIntoView({ block: "center", behavior: "smooth" });
    if (!list) return finish();
    if (change.phase === "end") model.set("phase", "code");
    const rows = change[list];
    let count = 0;
    timer = setInterval(() => {
      count += 1;
      if (count > rows.length || !button.isConnected) return finish();
      for (const name of ["theta", "d_head", "d_tail"]) if (name in rows[count - 1]) model.set(name, rows[count - 1][name]);
      model.set(list, rows.slice(0, count));
    }, list === "cards" ? 1500 : Math.max(16, 3000 / rows.length));
  };
}

addEventListener("DOMContentLoaded", () => {
  const all = kind => [...document.querySelectorAll(kind)];
  all("figure.frames").forEach(frames);
  all("figure.explorer").forEach(gan.explore);
  all("figure.writer").forEach(gan.write);
  gan.near(all("figure.play-box"), plaything);
  all(".replay button").forEach(replay);
});
