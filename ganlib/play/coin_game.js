// 위조 게임(mode "game")과 p에 걸기(mode "bet"). 상태는 모두 model에 있습니다.
const ROUNDS = 8, TOSSES = 20;
const NAMES = ["phase", "p", "theta", "d_head", "d_tail", "rounds", "seen", "police", "forger", "bets", "turn", "groups"];
const STEP = 0.1; // 컴퓨터 위조범의 스텝 크기

// 판정의 두 항: log D(진짜)의 평균과 log(1 − D(가짜))의 평균.
function terms({ counts: [real, fake], d_head, d_tail }) {
  const mean = (heads, head, tail) => (heads * Math.log(head) + (TOSSES - heads) * Math.log(tail)) / TOSSES;
  return [mean(real, d_head, d_tail), mean(fake, 1 - d_head, 1 - d_tail)];
}

// ── 규칙 ──
function rules(get, put) {
  const toss = (chance, purpose) => {
    const r = random(get("seed") * 31 + get("rounds").length * 7 + purpose);
    return Array.from({ length: TOSSES }, r).filter(x => x < chance).length;
  };
  const deal = () => put({ seen: { real: toss(get("p"), 1), fake: toss(get("theta"), 2), n: TOSSES } });
  // 컴퓨터 경찰: 앞뒤를 한 번씩 더해 센 비율로 답합니다.
  const answer = () => {
    const { real, fake, n } = get("seen");
    const d_head = (real + 1) / (real + fake + 2), d_tail = (n - real + 1) / (2 * n - real - fake + 2);
    put({ d_head: within(d_head, 0.03, 0.97), d_tail: within(d_tail, 0.03, 0.97) });
  };
  // 컴퓨터 위조범: 두 답의 로그의 차이를 따라 조금 옮깁니다.
  const forge = () => put({ theta: within(get("theta") + STEP * (Math.log(get("d_head")) - Math.log(get("d_tail"))), 0, 1) });
  const judge = () => {
    const [theta, d_head, d_tail] = ["theta", "d_head", "d_tail"].map(get), counts = [toss(get("p"), 3), toss(theta, 4)];
    const points = terms({ counts, d_head, d_tail }).reduce((sum, x) => sum + x) + 2 * Math.log(2);
    const rounds = [...get("rounds"), { round: get("rounds").length + 1, theta, d_head, d_tail, points, counts }];
    put({ rounds, phase: rounds.length < ROUNDS ? "judged" : "end" });
  };
  const human = side => get(side) == "hand", both = () => human("police") && human("forger");

  // 사람이 할 일이 있는 곳까지 판을 옮깁니다. 가림막은 두 사람이 할 때만 칩니다.
  function settle() {
    for (;;) {
      const phase = get("phase");
      if (phase == "police" && !get("seen").n) deal();
      else if (phase == "police" && !human("police") && human("forger")) { answer(); judge(); }
      else if (phase == "judged" && !human("police")) put({ phase: "forger" });
      else if (phase == "forger" && !human("forger")) { forge(); deal(); put({ phase: "police" }); }
      else if (phase.startsWith("to_") && !both()) put({ phase: phase.slice(3) });
      else return;
    }
  }
  function next() {
    const phase = get("phase");
    if (phase == "police") { if (!human("police")) answer(); judge(); }
    else if (phase == "judged") put({ phase: both() ? "to_forger" : "forger" });
    else if (phase == "forger") { deal(); put({ phase: both() ? "to_police" : "police" }); }
    else put({ phase: phase.slice(3) }); // 가림막을 엽니다.
    settle();
  }
  function fresh() {
    const seed = Math.floor(Math.random() * 1e9), r = random(seed), bet = get("mode") == "bet";
    const tilt = bet ? 0.05 + 0.9 * r() : 0.1 + 0.25 * r(), p = Number((bet || r() < 0.5 ? tilt : 1 - tilt).toFixed(2));
    put({ seed, p, theta: 0.5, d_head: 0.5, d_tail: 0.5, rounds: [], seen: {}, bets: [], turn: {}, phase: bet ? "toss" : "police" });
    if (!bet) settle();
  }
  return { settle, next, fresh, human };
}

// ── 위조 게임의 화면 ──
function game(ui, play) {
  const { get, put, make, box, say } = ui, { human } = play;
  const phase = get("phase"), code = phase == "code", end = phase == "end";
  const last = () => get("rounds").at(-1), total = () => get("rounds").reduce((sum, row) => sum + row.points, 0);
  const gauges = on => ui.gauges(on && (values => put(values)));
  const coin = () => box("column grow",
    make("b", {}, () => `위조 동전: 앞면이 나올 확률 θ = ${get("theta").toFixed(2)}`),
    ui.slider({ label: "위조 동전이 앞면일 확률 θ", color: FAKE, face: "θ", get: () => get("theta"), set: theta => put({ theta }) }),
    box("row ends dim", make("span", {}, "뒷면만"), make("span", {}, "앞면만")));
  const tossed = (counts, n) => [["진짜 동전", REAL], ["위조 동전", FAKE]].map(([name, color], i) => box("column tight",
    make("span", {}, make("b", { style: `border-bottom:3px solid ${color}` }, name), ` 앞면 ${counts[i]}번, 뒷면 ${n - counts[i]}번`),
    coins(ui, counts[i], n, color)));
  const evidence = () => ui.part(() => get("seen"), () => {
    const { real, fake, n } = get("seen");
    return n ? tossed([real, fake], n) : [];
  }, { class: "column grow" });

  // who는 보는 사람입니다. 경찰은 θ를, 위조범은 점수를 보지 못하고, p는 끝에만 보입니다.
  const chart = who => ui.picture(who == "forger" ? 150 : 230, "라운드마다의 확률과 점수", (w, h) => {
    const rows = get("rounds"), most = Math.max(ROUNDS, last()?.round || 0), few = rows.length <= 12, right = w - 12;
    const bottom = who == "forger" ? h - 20 : 140, zero = 194;
    const x = round => 34 + (w - 46) * (round - 0.5) / most, y = v => bottom - (bottom - 8) * v;
    const level = (height, label) => line([[34, height], [right, height]], "var(--line)", { width: 1 }) +
      words(28, height + 4, label, { anchor: "end" });
    const curve = (name, color, dash = "") => line(rows.map(row => [x(row.round), y(row[name])]), color, { dash, dots: few });
    let drawing = [0, 0.5, 1].map(v => level(y(v), v)).join("");
    if (end) drawing += line([[34, y(get("p"))], [right, y(get("p"))]], REAL, { width: 3 });
    drawing += curve("d_head", JUDGE) + curve("d_tail", JUDGE, "6 5");
    if (who != "police") drawing += curve("theta", FAKE);
    if (code) drawing += dot(x(most), y(get("theta")), 6, FAKE);
    if (who == "forger") return drawing;
    const size = Math.max(0.25, ...rows.map(row => Math.abs(row.points))), wide = Math.max(1, 0.6 * (w - 46) / most);
    for (const { round, points } of rows) {
      const tall = Math.abs(32 * points / size), top = zero - (points > 0 ? tall : 0), label = signed(points);
      drawing += `<rect x="${x(round) - wide / 2}" y="${top}" width="${wide}" height="${tall}" fill="${points > 0 ? JUDGE : FAKE}"/>`;
      if (few) drawing += words(x(round), zero + (points > 0 ? 15 : -6), w < 480 ? label.replace("0.", ".") : label);
    }
    return drawing + level(zero, 0);
  });
  const key = (color, label, dash = "solid") => make("span", { class: "choice" },
    make("i", { style: `width:22px;border-top:3px ${dash} ${color}` }), make("small", {}, label));
  const history = who => box("column tight", box("row", key(JUDGE, "D(앞면)"), key(JUDGE, "D(뒷면)", "dashed"),
    who != "police" && key(FAKE, "θ"), end && key(REAL, "p"),
    who != "forger" && make("small", {}, "막대: 경찰의 점수(주홍은 위조범의 것)")), chart(who));
  const main = (label, color) => box("row middle", ui.button(label, play.next, color));
  const cover = (who, color) => [box("column cover", make("i", { "aria-hidden": true }, "?"), say(`화면을 ${who}에게 넘겨 주세요.`),
    ui.button(`${who}입니다. 열기`, play.next, color))];
  const ending = () => {
    const coins = `진짜 동전이 앞면일 확률은 p = ${get("p").toFixed(2)}입니다. `;
    if (last()?.round != ROUNDS) return `${coins}위조 동전은 θ = ${get("theta").toFixed(2)}입니다.`;
    if (Math.abs(total()) < 0.005) return `${coins}비겼습니다.`;
    return `${coins}${total() > 0 ? "경찰" : "위조범"}이 이겼습니다(경찰 ${signed(total())}점).`;
  };
  const screens = {
    police: () => [
      say(human("police") ? "경찰 차례: 20번씩 던진 결과를 보고, 앞면과 뒷면이 얼마나 진짜 같은지 답해 봅시다." : "컴퓨터끼리 겨룹니다."),
      box("row", evidence(), gauges(human("police"))), main(human("police") ? "이 답으로 판정하기" : "다음 라운드", JUDGE),
      get("rounds").length > 0 && history(human("police") ? "police" : "all")],
    judged: () => [
      say(`두 동전을 20번씩 새로 던져 판정했습니다. 경찰 ${signed(last().points)}점, 위조범 ${signed(-last().points)}점.`),
      box("row", box("column grow", tossed(last().counts, TOSSES), make("small", {},
        `log D(진짜)의 평균 ${minus(terms(last())[0])} + log(1 − D(가짜))의 평균 ${minus(terms(last())[1])} + 2 log 2 = ${signed(last().points)}`)),
      gauges(false)), main(human("forger") ? "위조범에게 넘기기" : "컴퓨터 위조범의 차례로", "#5d5d5d"), history("police")],
    forger: () => [
      say("위조범 차례: 경찰의 두 답만 보고 다음 동전을 만들어 봅시다."),
      box("row", gauges(false), coin()), main("이 동전을 내놓기", FAKE), history("forger")],
    code: () => [say("코드가 겨룹니다: 위조범은 경찰의 두 답만 봅니다."), box("row", evidence(), gauges(true)), coin(), history("all")],
    end: () => [say(ending), history("all")],
    to_forger: () => cover("위조범", FAKE),
    to_police: () => cover("경찰", JUDGE),
  };
  // 코드는 여덟 라운드를 넘길 수 있고, 그때는 라운드를 솎아서 받으므로 점수를 더하지 않습니다.
  const long = () => code || last()?.round > ROUNDS, here = () => get("rounds").length + (phase == "police" ? 1 : 0);
  return box(code ? "column fast" : "column",
    !phase.startsWith("to_") && box("row ends", make("small", {}, () => long() ? `${last()?.round || 0}라운드` : `${here()} / ${ROUNDS} 라운드`),
      phase != "forger" && make("small", {}, () => long() ? "" : `지금까지 경찰 ${signed(total())}점, 위조범 ${signed(-total())}점`)),
    screens[phase](),
    box("row ends foot", box("row", [["경찰", "police"], ["위조범", "forger"]].map(([label, side]) =>
      ui.choice(label, side, [["hand", "사람"], ["computer", "컴퓨터"]], play.settle))), ui.button("새 게임", play.fresh)));
}

// ── p에 걸기의 화면 ──
function bet(ui, play) {
  const { get, put, make, box, say } = ui, p = get("p"), bets = get("bets"), group = bets.length + 1;
  const turn = () => ({ heads: 0, tosses: 0, bet: 0.5, ...get("turn") });
  const alone = get("groups") == 1;
  const rule = make("small", {}, alone ? "p와의 차이가 0.05 이하이면 성공입니다. 되도록 적게 던져 봅시다."
    : "p와의 차이가 0.05 이하인 조 가운데 가장 적게 던진 조가 이깁니다. 그런 조가 없으면 가장 가까운 조가 이깁니다.");
  const foot = box("row ends foot", !bets.length && !turn().tosses ? ui.choice("조의 수", "groups", [1, 2, 3, 4].map(n => [n, String(n)])) : make("span"),
    ui.button("새 동전", play.fresh));
  if (get("phase") == "end") {
    const gap = row => Math.abs(row.bet - p), near = bets.filter(row => gap(row) <= 0.05 + 1e-9);
    const [rivals, count] = near.length ? [near, row => row.tosses] : [bets, gap], least = Math.min(...rivals.map(count));
    const won = rivals.filter(row => count(row) == least);
    const ruler = (w, h) => {
      const x = v => 16 + (w - 32) * v, left = x(Math.max(0, p - 0.05)), right = x(Math.min(1, p + 0.05)), floor = h - 20;
      const marks = bets.map(row => dot(x(row.bet), 8 + 22 * row.group, 10, JUDGE) +
        words(x(row.bet), 12 + 22 * row.group, row.group, { color: inkOn(JUDGE), bold: true }));
      return `<rect x="${left}" width="${right - left}" y="16" height="${floor - 16}" fill="${REAL}33"/>` +
        line([[16, floor], [w - 16, floor]], "var(--dim)", { width: 1 }) + line([[x(p), 16], [x(p), h - 16]], REAL, { width: 3 }) +
        words(within(x(p), 30, w - 30), 10, `p = ${p.toFixed(2)}`, { bold: true }) + marks.join("") +
        [0, 0.5, 1].map(v => words(x(v), h - 4, v)).join("");
    };
    const result = !alone ? `${won.map(row => `${row.group}조`).join(", ")}가 이겼습니다!`
      : near.length ? `${bets[0].tosses}번 던지고 성공했습니다!` : "0.05보다 많이 빗나갔습니다. 새 동전으로 다시 해 봅시다.";
    const rows = bets.map(row => make("tr", won.includes(row) ? { class: "won" } : {},
      [`${row.group}조`, row.tosses, row.heads, row.bet.toFixed(2), gap(row).toFixed(2)].map(cell => make("td", {}, String(cell)))));
    return box("column",
      say(`숨은 동전이 앞면일 확률은 p = ${p.toFixed(2)}입니다. ${result}`),
      ui.picture(52 + 22 * bets.length, "수직선 위의 p와 각 조가 건 값", ruler),
      make("table", {}, make("tr", {}, ["조", "던진 횟수", "앞면", "건 값", "차이"].map(name => make("th", { scope: "col" }, name))), rows),
      rule, foot);
  }
  const toss = n => {
    const now = turn(), r = random(get("seed") * 31 + group * 7919 + now.tosses);
    const heads = Array.from({ length: n }, r).filter(x => x < p).length;
    put({ turn: { ...now, tosses: now.tosses + n, heads: now.heads + heads, latest: [heads, n] } });
  };
  const lock = () => {
    const { heads, tosses, bet } = turn(), done = [...bets, { group, heads, tosses, bet }];
    put({ bets: done, turn: {}, phase: done.length < get("groups") ? "toss" : "end" });
  };
  const tally = () => `모두 ${turn().tosses}번: 앞면 ${turn().heads}번, 뒷면 ${turn().tosses - turn().heads}번`;
  const latest = () => turn().latest ? coins(ui, ...turn().latest, REAL) : make("small", {}, "아직 던지지 않았습니다.");
  return box("column",
    say(`${group}조 차례: 숨은 동전을 던져 보고, 앞면이 나올 확률 p의 값을 짐작해 걸어 봅시다.`),
    box("row", make("b", {}, "던지기"), [1, 10, 100].map(n => ui.button(`${n}번`, () => toss(n))), make("span", {}, tally)),
    ui.part(() => [turn().tosses, turn().latest], latest, { style: "min-height:36px" }),
    make("b", {}, () => `거는 값: p = ${turn().bet.toFixed(2)}`),
    ui.slider({ label: `${group}조가 거는 p`, color: JUDGE, face: "p?", get: () => turn().bet, set: x => put({ turn: { ...turn(), bet: x } }) }),
    box("row middle", ui.button(group < get("groups") ? `걸고 ${group + 1}조에게 넘기기` : "걸고 p를 밝히기", lock, JUDGE)),
    group > 1 && make("small", {}, `${bets.map(row => `${row.group}조`).join(", ")}는 걸었습니다. 건 값은 마지막에 보입니다.`), rule, foot);
}

export default {
  render({ model, el }) {
    const get = name => model.get(name), betting = get("mode") == "bet";
    const play = rules(get, values => write(model, values));
    if (get("p") == null) play.fresh();
    else if (!betting) play.settle();
    const key = () => betting ? [get("phase"), get("bets").length, get("groups"), !get("turn").tosses].join()
      : [get("phase"), get("police"), get("forger"), get("phase") == "police" && get("rounds").length].join();
    return panel(model, el, NAMES, key, ui => betting ? bet(ui, play) : game(ui, play));
  },
};
