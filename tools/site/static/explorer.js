// 잠재 공간 탐색기: 시작에서 목표까지 구면을 따라 걷고, 슬라이더마다의 방향으로 z를 더 옮깁니다.
(() => {
  const norm = z => Math.hypot(...z), dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const add = (a, b, t) => a.map((x, i) => x + t * b[i]);
  const walk = (a, b, t) => {
    const angle = Math.acos(Math.min(0.999, Math.max(-0.999, dot(a, b) / (norm(a) * norm(b)))));
    const [left, right] = [Math.sin((1 - t) * angle), Math.sin(t * angle)].map(x => x / Math.sin(angle));
    return a.map((x, i) => left * x + right * b[i]);
  };
  const toOrigin = z => z.map(x => -x / norm(z));

  gan.explore = box => {
    const canvas = box.querySelector("canvas"), walked = box.querySelector("[data-walk]");
    const sliders = [...box.querySelectorAll("[data-way]")], ends = [...box.querySelectorAll("[data-end]")];
    let turn = 0, generate, waiting, pad; // turn: 숫자마다 출발하는 z 20개 가운데 몇째인지
    // 두 슬라이더를 한 번에 옮기는 판. 노트북과 같은 .js가 그립니다.
    const open = () => {
      pad = gan.model(structuredClone(gan.states[`${box.dataset.key}-pad`]));
      gan.play[box.dataset.pad].render({ model: pad, el: box.querySelector(".panel") });
      pad.on("change:point", () => {
        if (pad.get("point").every((x, i) => x === gan.value(sliders[i]))) return;
        pad.get("point").forEach((x, i) => { sliders[i].value = (x + pad.get("reach")) / pad.get("step"); });
        follow();
      });
    };
    const draw = () => {
      waiting = 0;
      const { model, starts, ways } = gan.explorers[box.dataset.key], [from, to] = ends.map(end => Number(end.value));
      generate ??= gan.engine(gan.models[model]);
      const start = walk(starts[from][turn], starts[to][(turn + (from === to)) % starts[to].length], Number(walked.value) / Number(walked.max));
      const z = sliders.reduce((now, input, i) => add(now, ways[i] === "origin" ? toOrigin(start) : ways[i], gan.value(input)), start);
      canvas.dataset.z = z.map(x => x.toFixed(4)).join();
      gan.paint(canvas, generate(z));
    };
    const follow = () => {
      [walked, ...sliders].forEach(gan.say);
      return gan.load(box.dataset.script).then(() => {
        pad || open();
        pad.set("point", sliders.slice(0, 2).map(gan.value));
        waiting ||= requestAnimationFrame(draw);
      });
    };
    box.addEventListener("input", follow);
    box.querySelector("[data-do=fresh]").onclick = () => { turn = (turn + 1) % 20; follow(); };
    box.querySelector("[data-do=reset]").onclick = () => {
      turn = 0;
      [walked, ...sliders].forEach(input => { input.value = input.defaultValue; });
      ends.forEach(end => { end.selectedIndex = [...end.options].findIndex(option => option.defaultSelected); });
      follow();
    };
    gan.near([box], follow);
  };
})();
