// 찾기: 조사가 낱말에 붙으므로, 낱말의 앞부분이 같으면 찾은 것으로 봅니다(동전 → 동전에서). 두 글자부터 찾습니다.
(() => {
  const clean = text => ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  let sections;
  const prepare = () => sections ??= gan.index.flatMap(([page, title, rows]) => rows.map(([heading, anchor, text]) => ({
    page, title, heading, anchor, text, words: clean(`${heading} ${text}`), top: clean(title), head: clean(heading) })));
  const count = (text, word) => text.split(` ${word}`).length - 1;

  // 낱말이 모두 있는 절을, 차시의 제목에 있는지, 차시에 나온 횟수, 절의 제목과 글의 차례로 줄 세웁니다. 먼저 나온 차시가 그 말을
  // 가르치는 차시이기 쉬우므로, 횟수가 비슷하면 앞의 차시가 먼저입니다. 지금 읽는 차시는 더 앞에 놓습니다.
  gan.search = query => {
    const words = clean(query).trim().split(" ").filter(word => word.length > 1);
    if (!words.length) return [];
    const rows = prepare().filter(row => words.every(word => count(row.words, word) || count(row.top, word)));
    const weight = {}; // 차시마다 나온 횟수
    for (const row of rows) for (const word of words) weight[row.page] = (weight[row.page] || 0) + count(row.words, word);
    const here = location.pathname.split("/").pop().replace(".html", "");
    const score = row => words.reduce((sum, word) => sum + 1e6 * (count(row.top, word) > 0) + 5 * count(row.head, word) + Math.min(9, count(row.words, word)),
      weight[row.page] * (100 - (Number(row.page.slice(0, 2)) || 99)) + 1e5 * (row.page === here));
    return rows.map(row => ({ ...row, score: score(row) })).sort((a, b) => b.score - a.score);
  };

  // 찾은 말의 앞뒤. 찾은 말에 표시를 합니다.
  const around = (text, word) => {
    const found = text.toLowerCase().indexOf(word), at = Math.max(0, found - 30), node = document.createElement("small");
    if (found < 0) return node.append(text.slice(0, 110)), node;
    node.append(at ? "…" : "", text.slice(at, found), Object.assign(document.createElement("mark"), { textContent: text.slice(found, found + word.length) }),
      text.slice(found + word.length, found + 80), "…");
    return node;
  };
  addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".search"), input = form.querySelector("input"), found = document.querySelector(".found");
    const show = () => {
      const query = input.value.trim(), rows = gan.search(query);
      found.hidden = query.length < 1;
      const word = clean(query).trim().split(" ")[0];
      const items = rows.slice(0, 12).map(row => {
        const link = Object.assign(document.createElement("a"), { href: `${row.page}.html#${encodeURIComponent(row.anchor)}` });
        link.append(Object.assign(document.createElement("b"), { textContent: row.title }), row.heading === row.title ? "" : ` › ${row.heading}`,
          around(row.text, word));
        link.onclick = () => { found.hidden = true; };
        return link;
      });
      const note = !items.length && Object.assign(document.createElement("p"), { textContent: query.replace(/\s/g, "").length < 2 ? "두 글자부터 찾습니다." : `찾은 곳이 없습니다: ${query}` });
      found.replaceChildren(...items, ...(note ? [note] : []));
    };
    const ready = () => gan.load("search-index.js").then(show);
    input.addEventListener("input", ready);
    input.addEventListener("focus", () => { if (input.value) ready(); });
    form.addEventListener("submit", event => {
      event.preventDefault();
      found.querySelector("a")?.click();
    });
    document.addEventListener("keydown", event => { if (event.key === "Escape") found.hidden = true; });
    document.addEventListener("click", event => { if (!event.target.closest(".found, .search")) found.hidden = true; });
  });
})();
