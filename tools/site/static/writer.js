// 한글 쓰는 상자: 글을 자모로 나누어 생성자에 넣고, 음절마다 그립니다. 조건은 ganlib.hangul.parts와 같습니다.
(() => {
  const FIRST = 0xAC00, LAST = 0xD7A3, SIDE = 32, MOST = 24; // 가, 힣, 그림의 한 변, 한 번에 쓰는 글자의 수
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const isSyllable = letter => letter.codePointAt(0) >= FIRST && letter.codePointAt(0) <= LAST;
  const parts = (letter, weight) => {
    const number = letter.codePointAt(0) - FIRST, y = Array(69).fill(0);
    for (const i of [Math.floor(number / 588), 19 + Math.floor(number / 28) % 21, 40 + number % 28]) y[i] = 1;
    y[68] = weight;
    return y;
  };
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };

  gan.write = box => {
    const [input, weight, sheet, said] = ["[type=text]", "[data-weight]", ".sheet", "output.said"].map(name => box.querySelector(name));
    const sliders = [weight, ...box.querySelectorAll("[data-way]")];
    let z, generate, waiting;
    const draw = () => {
      waiting = 0;
      const { model, ways, fresh } = gan.writers[box.dataset.key], letters = [...input.value.normalize("NFC")];
      generate ??= gan.engine(gan.models[model]);
      z ??= Array.from(ways[0], normal);
      const [thick, ...moves] = sliders.map(gan.value), moved = z.map((x, i) => x + moves.reduce((sum, t, k) => sum + t * ways[k][i], 0));
      const others = letters.filter(letter => letter.trim() && !isSyllable(letter));
      said.textContent = [letters.length > MOST && `앞의 ${MOST}글자만 씁니다.`, others.length && `한글 음절이 아니어서 쓰지 못한 글자: ${others.join(" ")}`].filter(Boolean).join(" ");
      sheet.replaceChildren(...letters.slice(0, MOST).map(letter => {
        if (!isSyllable(letter)) return make("span", { className: "gap" }, letter.trim() && "×");
        const canvas = make("canvas", { width: SIDE, height: SIDE, ariaLabel: `생성자가 쓴 ${letter}` }), unseen = fresh.includes(letter);
        canvas.setAttribute("role", "img");
        gan.paint(canvas, generate([...moved, ...parts(letter, thick)]));
        return make("figure", { className: unseen ? "fresh" : "" }, canvas, make("figcaption", {}, unseen ? `★ ${letter}` : letter));
      }));
    };
    const follow = () => {
      sliders.forEach(gan.say);
      return gan.load(box.dataset.script).then(() => { waiting ||= requestAnimationFrame(draw); });
    };
    box.addEventListener("input", follow);
    box.querySelector("button").onclick = () => { z = null; follow(); };
    gan.near([box], follow);
  };
})();
