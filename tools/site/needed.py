"""움직이는 것을 다시 만들려면 어느 셀을 실행해야 하는지 고릅니다. 학습과 확인은 필요할 때만 실행합니다."""

import ast

from tools.lesson import tags

SKIPPED = {"train", "check", "figure", "exercise", "result", "reveal"}
GENERATORS = {"default_rng", "Generator", "manual_seed"}


def is_live(cell):
    """커널이 있어야 움직이던 셀인지 봅니다. 예상(`predict`)은 커널 없이도 쪽에서 고를 수 있습니다."""
    return cell.cell_type == "code" and bool(tags(cell) & {"play", "widget"}) and "predict(" not in cell.source


def needed_cells(notebook):
    """실행할 코드 셀의 번호를 차례대로 돌려줍니다.

    보통의 셀은 모두 실행합니다. 학습, 그림, 확인, 결과의 셀은 뒤에서 쓰는 이름을 정하거나, 뒤의 셀과 난수를 나누어
    쓰거나, 화면에 보이는 놀잇감을 움직일 때만 실행합니다.
    """
    trees = {i: ast.parse(cell.source) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    live = [i for i in trees if is_live(notebook.cells[i])]
    if not live:
        return []
    players = {name for i in live for name in shown_name(trees[i])}
    dice = {name for tree in trees.values() for name in bound_to_generators(tree)}
    rolls = cells_that_touch(trees, dice)
    plays = {i for i in cells_that_touch(trees, players) if not tags(notebook.cells[i]) & {"figure", "check", "result"}}
    kept, wanted, rolled = [], set(), False
    for i in sorted((i for i in trees if i <= max({*live, *plays})), reverse=True):
        skippable = bool(tags(notebook.cells[i]) & SKIPPED)
        if not skippable or i in plays or (rolled and i in rolls) or binds(trees[i]) & wanted:
            kept.append(i)
            wanted |= loads(trees[i]) - new_axes(trees[i])
            rolled = rolled or i in rolls
    return kept[::-1]


def shown_name(tree):
    """마지막 줄이 이름 하나이면 그 이름."""
    last = tree.body[-1] if tree.body else None
    return [last.value.id] if isinstance(last, ast.Expr) and isinstance(last.value, ast.Name) else []


def bound_to_generators(tree):
    """난수 생성기를 담은 이름들."""
    for node in tree.body:
        calls = [n for n in ast.walk(node) if isinstance(n, ast.Attribute) and n.attr in GENERATORS]
        if isinstance(node, ast.Assign) and calls:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def cells_that_touch(trees, names):
    """이름을 직접 쓰거나, 그 이름을 쓰는 함수를 거쳐 쓰는 셀의 번호들. 함수를 정하기만 하는 것은 세지 않습니다."""
    names, touching = set(names), set()
    for i, tree in trees.items():
        for node in tree.body:
            used = loads(node) & names
            if used and isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif used:
                touching.add(i)
    return touching


def binds(tree):
    """셀이 정하거나 고치는 이름들."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            names |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
    return names


def new_axes(tree):
    """`figure, ax = plt.subplots()`처럼 셀 안에서만 쓰는 이름들."""
    opened = [n for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.value).startswith("plt.")]
    return set().union(*map(binds, opened))


def loads(tree):
    """셀이나 함수가 바깥에서 읽는 이름들. 함수 안에서 정한 이름은 빼고 셉니다."""
    if isinstance(tree, (ast.FunctionDef, ast.Lambda)):
        own = {argument.arg for argument in ast.walk(tree) if isinstance(argument, ast.arg)}
        body = tree.body if isinstance(tree.body, list) else [tree.body]
        return set().union(*map(loads, [*body, *tree.args.defaults])) - own - binds(tree)
    if isinstance(tree, ast.Name):
        return {tree.id} if isinstance(tree.ctx, ast.Load) else set()
    return set().union(*map(loads, ast.iter_child_nodes(tree)))
