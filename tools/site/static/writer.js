// 한글 쓰기: 글을 자모로 나누어 생성자에 넣고, 음절마다 그립니다. 조건은 ganlib.hangul.parts와 같습니다.
(() => {
  const FIRST = 0xAC00, COUNT = 11172, SIDE = 32, MOST = 24; // 가, 음절의 수, 그림의 한 변, 한 번에 쓰는 글자의 수
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const isSyllable = letter => { const number = letter.codePointAt(0) - FIRST; return number >= 0 && number < COUNT; };
  const parts = (syllable, weight) => {
    const y = Array(69).fill(0);
    for (const i of [Math.floor(syllable / 588), 19 + Math.floor(syllable / 28) % 21, 40 + syllable % 28]) y[i] = 1;
    y[68] = weight;
    return y;
  };
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };

  gan.write = box => {
    const [input, weight, sheet, said] = ["[type=text]", "[type=range]", ".sheet", "output.said"].map(name => box.querySelector(name));
    let z, generate, waiting;
    const draw = () => {
      waiting = 0;
      const { model, size, hidden } = gan.writers[box.dataset.key], letters = [...input.value.normalize("NFC")];
      generate ??= gan.engine(gan.models[model]);
      z ??= Array.from({ length: size }, normal);
      const others = letters.filter(letter => letter.trim() && !isSyllable(letter));
      said.textContent = [letters.length > MOST && `앞의 ${MOST}글자만 씁니다.`, others.length && `한글 음절이 아닌 ${others.join(" ")}은(는) 쓰지 못합니다.`].filter(Boolean).join(" ");
      sheet.replaceChildren(...letters.slice(0, MOST).map(letter => {
        if (!isSyllable(letter)) return make("span", { className: "gap" }, letter.trim());
        const syllable = letter.codePointAt(0) - FIRST, fresh = hidden[syllable] === "1";
        const canvas = make("canvas", { width: SIDE, height: SIDE, ariaLabel: `생성자가 쓴 ${letter}` });
        canvas.setAttribute("role", "img");
        gan.paint(canvas, generate([...z, ...parts(syllable, Number(weight.value) / Number(weight.max))]));
        return make("figure", { className: fresh ? "fresh" : "" }, canvas, make("figcaption", {}, fresh ? `★ ${letter} 처음` : letter));
      }));
    };
    const follow = () => {
      gan.say(weight);
      return gan.load(box.dataset.script).then(() => { waiting ||= requestAnimationFrame(draw); });
    };
    box.addEventListener("input", follow);
    box.querySelector("button").onclick = () => { z = null; follow(); };
    gan.near([box], follow);
  };
})();
