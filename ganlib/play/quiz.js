// “진짜? 가짜?”: 한꺼번에 답하고 공개하는 판과, 학습하는 동안 한 장씩 답하는 판(live). 표는 모두 여기에서 셉니다.
const NAMES = ["cards", "answers", "hands", "people", "together", "opened", "live"];
const RECENT = 5; // 곡선의 한 점은 마지막 다섯 장에서 맞힌 비율
const LOOK = `
.play .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(88px, 1fr)); gap: 6px; }
.play .cards .column { gap: 3px; } .play .cards .pair { gap: 4px; } .play .stream > .row { align-items: flex-start; }
.play .cards button { display: block; width: 100%; padding: 2px 2px 4px; }
.play img { display: block; image-rendering: pixelated; background: #000; border: 3px solid transparent; border-radius: 6px; }
.play .cards img { width: 100%; } .play .cards button:disabled { opacity: 1; background: none; border-color: transparent; }
.play .big { width: 232px; max-width: 100%; margin: 0 auto; } .play .big img, .play .blank { width: 100%; aspect-ratio: 1; border: 0; }
.play .blank { display: grid; place-items: center; border: 3px dashed var(--line); border-radius: 6px; font-size: 64px; color: var(--dim); }
.play .pair { display: flex; gap: 8px; align-items: center; } .play .pair > span { flex: 0 0 auto; } .play .foot .main { margin-left: auto; }
.play .pair > * { flex: 1 1 0; min-width: 0; } .play .off { opacity: .45; }
.play input[type=text] { font: inherit; color: var(--ink); background: var(--back); border: 1px solid var(--dim); border-radius: 8px;
  width: 100%; min-height: 36px; padding: 2px 6px; }
.play .last { min-height: 58px; flex-wrap: nowrap; gap: 12px; } .play .last img { width: 56px; height: 56px; }
.play .stream:not(:focus-within) .keys { visibility: hidden; }
.play .scores { display: grid; grid-template-columns: auto 1fr auto; gap: 6px 12px; align-items: center; } .play .scores i { height: 14px; border-radius: 4px; }
@container (max-width: 420px) { .play .cards { grid-template-columns: repeat(auto-fill, minmax(72px, 1fr)); } }`;

// ── 세기 ──
// ‘가짜’라고 답한 비율. 학급의 판에서는 손을 든 사람을 인원으로 나눕니다. 답하지 않았으면 null입니다.
function vote(get, { id }) {
  if (get("live") || !get("together")) return get("answers")[id] ?? null;
  const count = get("hands")[id] ?? null;
  return count === null ? null : Math.min(1, count / get("people"));
}
const asked = get => get("cards").map(card => ({ ...card, vote: vote(get, card) })).filter(card => card.vote !== null);
const ours = card => card.fake ? card.vote : 1 - card.vote;
const judge = card => Number(card.judged === card.fake);
const sum = (cards, count) => cards.reduce((total, card) => total + count(card), 0);
const share = (cards, count) => `${Math.round(100 * sum(cards, count) / cards.length)}%`;
const truth = card => card.fake ? "가짜" : "진짜", shade = card => card.fake ? FAKE : REAL;
const mark = card => card.vote === 0.5 ? "△" : ours(card) > 0.5 ? "○" : "×";

// ── 두 판이 함께 쓰는 것 ──
function number(ui, label, get, set, min, max) {
  const oninput = () => set(/^\d+$/.test(input.value) ? within(Number(input.value), min, max) : null);
  const input = ui.make("input", { type: "text", inputmode: "numeric", "aria-label": label, placeholder: "몇 명?", oninput });
  ui.live.push(() => { if (document.activeElement !== input) input.value = get() ?? ""; });
  return input;
}
function classroom(ui) {
  const { get, put, make } = ui, people = number(ui, "인원", () => get("people"), n => n && put({ people: n }), 1, 999);
  return ui.box("row", make("button", { type: "button", "aria-pressed": () => get("together"), title: "‘가짜’에 손을 든 사람을 셉니다",
    onclick: () => put({ together: !get("together") }) }, "학급"),
  make("label", { class: "choice", style: () => get("together") ? "width:110px" : "display:none" }, make("span", { style: "flex:none" }, "인원"), people));
}

// ── 한꺼번에 답하는 판 ──
function sheet(ui) {
  const { get, put, make, box } = ui, cards = get("cards"), opened = get("opened");
  const turn = { null: 1, 1: 0, 0: null }, word = { null: "?", 1: "가짜", 0: "진짜" };
  const picture = (card, color) => make("img", { src: card.image, alt: "", style: color ? `border-color:${color}` : "" });
  const closed = (card, i) => {
    const now = () => get("answers")[card.id] ?? null;
    if (!get("together")) return make("button", { type: "button", onclick: () => put({ answers: { ...get("answers"), [card.id]: turn[now()] } }) },
      picture(card), () => `${i + 1} ${word[now()]}`);
    const hands = number(ui, `${i + 1}번 그림: ‘가짜’에 손을 든 사람`, () => get("hands")[card.id],
      n => put({ hands: { ...get("hands"), [card.id]: n } }), 0, 999);
    return box("column", picture(card), box("pair", make("span", {}, String(i + 1)), hands));
  };
  if (!opened) return box("column", ui.part(() => get("together"), () => cards.map(closed), { class: "cards" }),
    box("row ends foot", classroom(ui), make("small", { "aria-live": "polite" }, () => `${cards.length}장 가운데 ${asked(get).length}장에 답했습니다.`),
      ui.button("공개", () => put({ opened: true }), "#5d5d5d")));
  const voted = asked(get), rivals = voted.length ? voted : cards; // 판별자와는 우리가 답한 그림에서만 겨룹니다.
  const row = (name, score, color) => [make("span", {}, name), make("i", { style: `width:${score};background:${color}` }), make("b", {}, score)];
  return box("column", box("cards", cards.map((card, i) => {
    const done = voted.find(({ id }) => id === card.id);
    return make("button", { type: "button", disabled: "" }, picture(card, shade(card)), `${i + 1} ${truth(card)}${done ? ` ${mark(done)}` : ""}`);
  })), !voted.length && ui.say("아직 답하지 않았습니다."),
  box("scores", voted.length ? row("우리가 맞힌 비율", share(voted, ours), "var(--ink)") : [],
    rivals.every(card => card.judged !== null) ? row("판별자 D가 맞힌 비율", share(rivals, judge), JUDGE) : [],
    row("동전을 던져 답하면", "50%", "var(--dim)")),
  make("small", {}, "파란 테두리는 진짜, 주홍 테두리는 가짜입니다. ○는 맞힌 그림, ×는 틀린 그림입니다."));
}

// ── 학습하는 동안 한 장씩 답하는 판 ──
function stream(ui) {
  const { get, put, make, box } = ui;
  let held; // 답할 때까지 그림은 손 아래에서 바뀌지 않습니다.
  const open = card => vote(get, card) === null;
  const waiting = () => get("cards").filter(card => card.image && open(card));
  const now = () => {
    if (!held || !open(held) || !get("cards").some(({ id }) => id === held.id)) held = waiting()[0];
    return held;
  };
  const behind = () => waiting().filter(({ id }) => id !== now().id).length;
  let answered; // 마지막에 답한 그림. 뒤에 온 그림이 많으면 cards에서는 지워집니다.
  const answer = part => {
    if (!now()) return;
    answered = now();
    put({ answers: { ...get("answers"), [answered.id]: part } });
  };
  const score = n => Number.isInteger(n) ? n : n.toFixed(1), step = card => `스텝\u00a0${card.step.toLocaleString()}`;

  const hand = number(ui, "‘가짜’에 손을 든 사람", () => hand.value, () => {}, 0, 999);
  const add = d => { hand.value = within(Number(hand.value) + d, 0, get("people")); };
  const send = () => {
    if (!/^\d+$/.test(hand.value) || !now()) return hand.focus();
    answer(Math.min(1, Number(hand.value) / get("people")));
    hand.value = "";
  };
  hand.addEventListener("keydown", event => { if (event.key == "Enter") send(); });
  const main = (label, part, color) => {
    const node = ui.button(label, () => answer(part), color);
    ui.live.push(() => { node.classList.toggle("off", !now()); node.setAttribute("aria-disabled", !now()); });
    return node;
  };
  const controls = () => get("together")
    ? [make("small", {}, "‘가짜’에 손을 든 사람"), box("pair", ui.button("−", () => add(-1)), hand, ui.button("+", () => add(1))),
      ui.button("이대로 답하기", send, "#5d5d5d")]
    : box("pair", main("진짜", 0, REAL), main("가짜", 1, FAKE));

  const key = (line, label) => make("span", { class: "choice" }, make("i", { style: `width:22px;border-top:${line}` }), make("small", {}, label));
  const chart = ui.picture(190, "스텝에 따라 우리와 판별자가 맞힌 비율", (w, h) => {
    const cards = asked(get), last = Math.max(1, get("cards").at(-1)?.step ?? 1), bottom = h - 34;
    const x = at => 44 + (w - 58) * at / last, y = part => bottom - (bottom - 10) * part;
    const curve = (count, color) => line(cards.map((card, i) => {
      const few = cards.slice(Math.max(0, i + 1 - RECENT), i + 1);
      return [x(card.step), y(sum(few, count) / few.length)];
    }), color, { dots: cards.length < 15 });
    const level = (part, color, dash) => line([[44, y(part)], [w - 14, y(part)]], color, { width: 1, dash });
    return level(0, "var(--line)") + level(0.5, "var(--dim)", "4 4") + level(1, "var(--line)") +
      [0, 0.5, 1].map(part => words(38, y(part) + 4, `${100 * part}%`, { anchor: "end" })).join("") +
      (get("cards").length ? [0, last] : []).map(at => words(x(at), bottom + 16, at.toLocaleString(), { anchor: at ? "end" : "start" })).join("") +
      words((w + 30) / 2, bottom + 30, "스텝") + curve(judge, JUDGE) + curve(ours, "var(--ink)");
  });
  const tally = () => {
    const cards = asked(get), n = cards.length;
    return n ? `우리 ${score(sum(cards, ours))}/${n} · D ${sum(cards, judge)}/${n}` : "우리와 D의 점수";
  };
  const last = () => asked(get).at(-1);
  const picture = () => last().id === answered?.id ? answered.image : last().image;
  const verdict = () => last() ? [picture() && make("img", { src: picture(), alt: "", style: `border-color:${shade(last())}` }),
    make("span", {}, make("b", { style: `border-bottom:3px solid ${shade(last())}` }, `${truth(last())}였습니다.`),
      ` 우리 ${mark(last())} · D ${judge(last()) ? "○" : "×"} (${step(last())})`)] : make("small", {}, "답하면 여기에 정답이 나옵니다.");
  // 어디를 눌러도 글쇠가 이 판으로 오게 합니다.
  const view = make("div", { class: "column stream", role: "group", "aria-label": "진짜? 가짜?", tabindex: 0 },
    ui.say(() => now() ? (get("together") ? "가짜라고 생각하면 손을 들어 봅시다." : "진짜일까요, 가짜일까요?")
      : get("cards").length ? "다음 그림을 기다립니다." : "학습 셀을 실행하면 진짜 그림과 학습 중인 생성자의 그림이 섞여 한 장씩 나타납니다."),
    box("row", box("column big", ui.part(() => now()?.id ?? 0, () => now()
      ? make("img", { src: now().image, alt: `${step(now())}에서 나온 그림` }) : box("blank", "?")),
    make("small", { style: "text-align:center" }, () => now() ? `${step(now())} · ${behind()}장이 기다립니다` : " "),
    ui.part(() => get("together"), controls, { class: "column" })),
    box("column grow", make("b", { style: "font-size:20px" }, tally), ui.part(() => last()?.id ?? 0, verdict, { class: "row last", "aria-live": "polite" }),
      box("row", key("3px solid var(--ink)", "우리"), key(`3px solid ${JUDGE}`, "판별자 D"), key("1px dashed var(--dim)", "동전"),
        make("small", {}, `최근 ${RECENT}장에서 맞힌 비율`)), chart)),
    box("row ends foot", classroom(ui), make("small", { class: "keys" }, () => get("together") ? "Enter: 답하기" : "1이나 ←: 진짜, 2나 →: 가짜")));
  view.addEventListener("keydown", event => {
    const part = { 1: 0, ArrowLeft: 0, 2: 1, ArrowRight: 1 }[event.key];
    if (part === undefined || get("together") || event.target.tagName == "INPUT" || event.repeat) return;
    event.preventDefault();
    answer(part);
  });
  return view;
}

export default {
  render({ model, el }) {
    const get = name => model.get(name);
    let cards, dealt = 0;
    const deal = () => { if (cards !== get("cards")) { cards = get("cards"); dealt += 1; } return dealt; };
    const key = () => get("live") ? "live" : `${deal()} ${get("opened")}`;
    return panel(model, el, NAMES, key, ui => ui.box("column", ui.make("style", {}, LOOK), get("live") ? stream(ui) : sheet(ui)));
  },
};
