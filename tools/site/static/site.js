// 쪽의 바탕: 밝고 어두운 화면, 늦게 부르는 자료, 식, 예상과 결과, 접힌 곳으로 가는 링크.
const gan = { frames: {}, states: {}, replays: {}, explorers: {}, writers: {}, models: {}, play: {}, index: [] };

// ── 밝은 화면과 어두운 화면 ──
const saved = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
  set: theme => { try { localStorage.setItem("theme", theme); } catch { /* 저장할 수 없으면 이번에만 바꿉니다. */ } } };
const dark = matchMedia("(prefers-color-scheme: dark)");
let chosen = saved.get();
const paint = () => { document.documentElement.dataset.theme = chosen || (dark.matches ? "dark" : "light"); };
paint();
dark.addEventListener("change", paint);

// ── 늦게 부르기: 주소마다 한 번만 <script>로 부릅니다. ──
const called = {}, opening = [];
gan.load = sources => Promise.all(sources.split(" ").map(source => called[source] ??= new Promise((done, fail) => {
  const node = Object.assign(document.createElement("script"), { src: source, onload: () => done(Promise.all(opening)), onerror: () => fail(new Error(source)) });
  document.head.append(node);
})));
// 자료 파일이 부릅니다(files.py): 눌러 담은 글을 풀어 놓습니다.
gan.bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
gan.put = (shelf, key, text) => {
  const stream = new Blob([gan.bytes(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  opening.push(new Response(stream).json().then(content => { gan[shelf][key] = content; }));
};
// 화면에 가까워지면 부릅니다.
gan.near = (nodes, start) => {
  const watch = new IntersectionObserver(rows => rows.filter(row => row.isIntersecting).forEach(row => {
    watch.unobserve(row.target);
    start(row.target);
  }), { rootMargin: "900px 0px" });
  nodes.forEach(node => watch.observe(node));
};

// ── 식: 보이는 것부터 조금씩 그립니다. ──
function typeset(nodes) {
  const until = performance.now() + 30;
  while (nodes.length && performance.now() < until) {
    const node = nodes.shift();
    katex.render(node.textContent, node, { displayMode: node.classList.contains("display"), throwOnError: false, strict: false });
    node.classList.add("set");
  }
  if (nodes.length) setTimeout(typeset, 0, nodes);
  else { document.documentElement.dataset.math = "done"; show(location.hash); }
}

// ── 접힌 곳을 가리키는 링크는 접힌 곳을 엽니다. ──
function show(hash) {
  const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  for (let node = target.closest("details"); node; node = node.parentElement.closest("details")) node.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", () => show(location.hash));
// 인쇄는 밝은 화면으로, 지금 열어 둔 대로 합니다.
addEventListener("beforeprint", () => { document.documentElement.dataset.theme = "light"; });
addEventListener("afterprint", paint);

// ── 예상: 고르고 잠그면 바꿀 수 없고, 결과 옆에 적힙니다. 학급에서는 보기마다 든 손을 셉니다. ──
function prediction(form) {
  const [lock, group] = [".lock", ".class"].map(name => form.querySelector(name)), said = form.querySelector("output"), name = form.dataset.guess;
  const result = document.querySelector(`details[data-answers~="${name}"]`), hands = [...form.querySelectorAll("[type=number]")];
  const places = document.querySelectorAll(`.my-guess[data-of="${name}"]`);
  form.addEventListener("submit", event => event.preventDefault());
  group.onclick = () => {
    const counting = group.getAttribute("aria-pressed") !== "true";
    group.setAttribute("aria-pressed", counting);
    hands.forEach(input => { input.hidden = !counting; });
  };
  const count = () => {
    const total = hands.reduce((sum, input) => sum + Number(input.value), 0);
    hands.forEach(input => { input.parentElement.style.setProperty("--share", total ? Number(input.value) / total : 0); });
    return total && ` 학급 ${total}명: ${hands.map(input => `${input.dataset.option} ${Number(input.value)}명`).join(", ")}.`;
  };
  form.addEventListener("input", () => {
    lock.disabled = !count() && !form.querySelector("input:checked");
  });
  lock.onclick = () => {
    // 손만 셌으면 가장 많은 보기를 학급의 예상으로 삼습니다.
    const most = hands.reduce((best, input) => Number(input.value) > Number(best.value) ? input : best);
    const choice = form.querySelector("input:checked")?.value ?? most.dataset.option;
    form.querySelector("fieldset").disabled = lock.disabled = true;
    said.textContent = `잠갔습니다: ${choice}. `;
    places.forEach(node => {
      const [, answer] = /^\n결과: (.+)/.exec(node.nextSibling?.textContent || "") || [];
      node.textContent = `예상: ${choice}${answer ? (choice === answer ? " ○ 맞았습니다." : " × 빗나갔습니다.") : ""}${count() || ""}`;
    });
    if (!result) return;
    const go = Object.assign(document.createElement("button"), { type: "button", textContent: "결과 보기 ↓" });
    go.onclick = () => { result.open = true; result.scrollIntoView({ block: "start" }); result.querySelector("summary").focus({ preventScroll: true }); };
    said.append(go);
  };
}

// file://에서는 브라우저가 노트북을 내려받지 않고 펼쳐 보입니다.
function download(link) {
  if (location.protocol !== "file:") return;
  link.closest("p").append(" 이 쪽을 USB 메모리나 내 컴퓨터에서 열었다면, 링크를 오른쪽 단추로 눌러 ‘다른 이름으로 저장’을 고릅니다.");
}

// ── 인쇄: 학생용은 접힌 것을 모두 닫고, 결과까지 인쇄할 때에는 결과를 엽니다. ──
function printing(button) {
  button.onclick = () => {
    const closed = button.dataset.print === "pupil" ? "main details" : "details.reveal";
    document.querySelectorAll(closed).forEach(details => { details.open = button.dataset.print === "answers"; });
    print();
  };
}

addEventListener("DOMContentLoaded", () => {
  document.querySelector(".theme").onclick = () => {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    saved.set(chosen);
    paint();
  };
  document.querySelectorAll("form.predict").forEach(prediction);
  document.querySelectorAll("a.download").forEach(download);
  document.querySelectorAll("[data-print]").forEach(printing);
  if (matchMedia("(max-width: 1000px)").matches) document.querySelector(".contents").open = false;
  const math = [...document.querySelectorAll("span.math")];
  typeset([...math.filter(node => node.getBoundingClientRect().top < innerHeight), ...math.filter(node => node.getBoundingClientRect().top >= innerHeight)]);
});
