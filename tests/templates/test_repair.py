import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Reading, Status, Value
from ocr_pipeline.engine import CLOSER_LOOKS, FIGURE_NET
from ocr_pipeline.templates import Form, TemplateOptions, TemplateSet, extract, load_templates
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Equation, evaluate, part_equations
from ocr_pipeline.templates.placing import PlacedField
from ocr_pipeline.templates.proving import prove
from ocr_pipeline.templates.repair import figures_read
from ocr_pipeline.templates.statuses import Judgement
from tests.templates.drawn_tables import draw, figures_of

ON = TemplateOptions(repair=True)
FORM = load_templates().form("gov-disclosure-a")
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10_000)
PARTS = st.sampled_from(["applications", "disputes"])
NEAR = {"0": "869", "1": "7", "2": "7", "3": "8", "4": "1", "5": "6", "6": "058", "7": "1", "8": "0369", "9": "08"}
CELL = "applications/3.1/business"
RESULTS = {f for e in part_equations(FORM, "applications") if e.id == "results[business]" for f in e.members}
Typed = Mapping[str, float]


def cell(typed: Typed, *, text: str | None = None, witness: str | None = None, third: Typed | None = None) -> Cell:
    """A cell with what the first reader, the second and the reader of figures make of it; they agree unless told."""
    best = next(iter(typed), "")
    others = {"two": typed if witness is None else {witness: 0.9}, FIGURE_NET: typed if third is None else third}
    return Cell(
        row=0,
        column=0,
        text=best if text is None else text,
        confidence=typed.get(best, 0.9),
        ink=True,
        readings=tuple(Reading(text=t, log_prob=math.log(p), engine="one") for t, p in typed.items()),
        witnesses=tuple(
            Reading(text=t, log_prob=math.log(p), engine=name) for name, seen in others.items() for t, p in seen.items()
        ),
    )


@dataclass(frozen=True)
class Part:
    """A part as read, outside any table."""

    placed: Sequence[PlacedField]
    equations: tuple[Equation, ...]

    @property
    def decisions(self) -> dict[str, Decision]:
        return dict(prove(self.placed, self.equations, ON.model_copy(update={"repair": False})).decisions)

    def repaired(self, options: TemplateOptions = ON) -> dict[str, Decision]:
        return dict(prove(self.placed, self.equations, options).decisions)

    def judged(self, options: TemplateOptions = ON) -> Mapping[str, Judgement]:
        return prove(self.placed, self.equations, options).judgements


def figures(part: str = "applications", seed: int = 3) -> dict[str, str]:
    return figures_of(FORM, FORM.part(part), random.Random(seed))


def printed(texts: Mapping[str, str], cells: Mapping[str, Cell], part: str = "applications") -> Part:
    """The part with these texts read surely, but for the given cells."""
    specs = FORM.part(part).fields
    placed = [PlacedField(spec=s, cell=cells.get(s.id) or cell({texts[s.id]: 0.99})) for s in specs]
    return Part(placed, part_equations(FORM, part))


def misread(text: str, rng: random.Random) -> Cell:
    """One digit taken for another, mostly with the true one as a rival."""
    at = rng.randrange(len(text))
    wrong = text[:at] + rng.choice(NEAR[text[at]]) + text[at + 1 :]
    if len(wrong) > 1 and wrong.startswith("0"):
        wrong = text + rng.choice("17")
    likely = rng.uniform(0.4, 0.99)
    rival = text + "1" if rng.random() < 0.1 else text
    heard = rival if rng.random() < 0.6 else None
    return cell({wrong: likely, rival: 0.9 * min(likely, 1 - likely)}, witness=heard, third={rival: 0.7, wrong: 0.2})


def damaged(seed: int, share: float = 0.03, part: str = "applications") -> tuple[Part, dict[str, str]]:
    """Every figure of ``disputes`` stands in one equation only, and there are few: so some more are misread there."""
    rng = random.Random(seed)
    texts = figures(part, seed)
    share = share if part == "applications" else 3 * share
    return printed(texts, {f: misread(t, rng) for f, t in texts.items() if rng.random() < share}, part), texts


def broken(part: Part, decisions: Mapping[str, Decision]) -> set[str]:
    return {o.equation.id for o in evaluate(part.equations, figures_read(decisions)) if o.state == "broken"}


def off_by_one_digit(texts: Mapping[str, str], field: str = CELL) -> str:
    return texts[field][:-1] + NEAR[texts[field][-1]][0]


def test_a_misread_figure_is_put_right_with_evidence(templates: TemplateSet, form_a: Form) -> None:
    texts = figures()
    wrong = off_by_one_digit(texts)
    drawn = draw(form_a.part("applications"), texts)
    token = drawn.tokens[CELL]
    seen = cell({wrong: 0.7, texts[CELL]: 0.25}, third={texts[CELL]: 0.8})
    token.text, token.readings, token.witnesses = wrong, seen.readings, seen.witnesses
    found = extract([drawn.table()], [], templates, options=ON)
    values: dict[str, Value] = {v.id: v for v in found.values}
    value = values[CELL]
    assert (str(value.value), value.raw, value.status) == (texts[CELL], wrong, Status.REPAIRED)
    assert [r.text for r in value.alternatives] == [wrong, texts[CELL]]
    assert {e.detail for e in value.evidence if e.kind == "equation" and e.agrees} == {
        "applicants[3.1]",
        "results[business]",
    }
    assert value.confidence > 0.95
    beside = {f for e in found.findings if e.code == "doubtful-reading" for f in e.fields} - {CELL}
    assert not beside
    # What only the repair made close proves nothing else.
    others = {v.id: v.status for v in found.values if v.id != CELL}
    assert {f for f, s in others.items() if s is not Status.VERIFIED} == {
        f for f in others if f.startswith("applications/3.1/") or (f.endswith("/business") and f in RESULTS)
    }
    assert set(others.values()) == {Status.READ, Status.VERIFIED}
    assert "equation-broken" not in {f.code for f in found.findings}
    assert [f.fields for f in found.findings if f.code == "doubtful-reading"] == [(CELL,)]


def test_without_repair_it_is_a_conflict(templates: TemplateSet, form_a: Form) -> None:
    texts = figures()
    drawn = draw(form_a.part("applications"), texts)
    wrong = off_by_one_digit(texts)
    drawn.tokens[CELL].text, drawn.tokens[CELL].readings = wrong, cell({wrong: 0.7, texts[CELL]: 0.25}).readings
    found = extract([drawn.table()], [], templates, options=TemplateOptions(repair=False))
    assert {v.id for v in found.values if v.status is Status.CONFLICT} == {CELL}


@pytest.mark.parametrize(("rival", "status"), [(0.45, Status.REPAIRED), (0.005, Status.CONFLICT)])
def test_a_clear_figure_is_the_issuers_own_unless_the_rival_counts(rival: float, status: Status) -> None:
    texts = figures()
    wrong = off_by_one_digit(texts)
    assert printed(texts, {CELL: cell({wrong: 1 - rival, texts[CELL]: rival})}).judged()[CELL].status is status


def test_what_the_others_confirm_is_the_issuers_own() -> None:
    texts = figures()
    wrong, true = off_by_one_digit(texts), texts[CELL]
    readings = {wrong: 0.9, true: 0.05}
    for witness, third, status in (
        (wrong, {wrong: 0.9, true: 0.01}, Status.CONFLICT),
        (true, {true: 0.9, wrong: 0.01}, Status.REPAIRED),
        (wrong, {true: 0.9, wrong: 0.01}, Status.REPAIRED),
    ):
        made = cell(readings, witness=witness, third=third)
        assert printed(texts, {CELL: made}).judged()[CELL].status is status


def test_what_fewer_than_three_readers_looked_at_stays() -> None:
    texts = figures()
    wrong, true = off_by_one_digit(texts), texts[CELL]
    full = cell({wrong: 0.5, true: 0.4}, third={true: 0.9})
    assert printed(texts, {CELL: full}).judged()[CELL].status is Status.REPAIRED
    for missing in ("two", FIGURE_NET):
        kept = tuple(w for w in full.witnesses if w.engine != missing)
        part = printed(texts, {CELL: full.model_copy(update={"witnesses": kept})})
        assert part.judged()[CELL].status is Status.CONFLICT


def test_a_miscount_by_one_needs_more_than_another_digit() -> None:
    texts = figures()
    true = int(texts[CELL])
    seen = {wrong: {str(wrong): 0.5, str(true): 0.45} for wrong in (true - 1, true + 4)}
    asked = ON.model_copy(update={"repair_lead": 5.0})
    states = [printed(texts, {CELL: cell(typed)}).judged(asked)[CELL].status for typed in seen.values()]
    assert states == [Status.CONFLICT, Status.REPAIRED]


def test_a_number_of_fewer_digits_asks_for_a_larger_lead() -> None:
    """Worn print loses the second 1 of an 11 for every reader, so an issuer's 11 for 1 looks like a misreading."""
    texts = figures()
    one = next(f for f, t in texts.items() if t == "1" and not f.endswith("total"))
    worn = cell({"11": 0.4, "1": 0.3}, third={"1": 0.5, "11": 0.2})
    states = [
        printed(texts, {one: worn}).judged(ON.model_copy(update={"repair_lead_shorter": asked}))[one].status
        for asked in (0.0, 8.0)
    ]
    assert states == [Status.REPAIRED, Status.CONFLICT]


def test_only_single_confusions_repair() -> None:
    texts = {**figures(), CELL: "10"}
    total = sum(int(t) for f, t in texts.items() if f.startswith("applications/3.1/") and not f.endswith("total"))
    texts["applications/3.1/total"] = str(total)
    part = printed(texts, {CELL: cell({"47": 0.6, "10": 0.3})})
    assert part.repaired()[CELL].value == 47


def test_a_number_that_nobody_read_is_no_repair() -> None:
    texts = figures()
    nought = next(f for f, t in texts.items() if t == "0" and f in RESULTS)
    assert printed(texts, {nought: cell({"8": 0.5, "0": 0.4})}).judged()[nought].status is Status.REPAIRED
    assert printed(texts, {nought: cell({"8": 0.5})}).judged()[nought].status is Status.CONFLICT


def test_an_unreadable_figure_follows_only_from_its_own_readings() -> None:
    texts = figures()
    wrong = off_by_one_digit(texts)
    doubtful = cell({wrong: 0.09, texts[CELL]: 0.08}, text="l?", third={texts[CELL]: 0.9})
    assert printed(texts, {CELL: doubtful}).judged()[CELL].status is Status.REPAIRED
    for readings in ({}, {wrong: 0.09}):
        assert printed(texts, {CELL: cell(readings, text="l?")}).judged()[CELL].status is Status.MISSING


LONE = "disputes/reconsideration/upheld"
TORN = {"38": 0.6, "39": 0.35}


def lone(read: Typed, *, witness: str = "39", third: Typed | None = None) -> tuple[dict[str, str], dict[str, Cell]]:
    """A part in which 39 is printed in a cell that one equation speaks of, and the cell as read."""
    texts = figures("disputes")
    texts[LONE] = "39"
    kinds = ("upheld", "corrected", "other", "pending")
    texts["disputes/reconsideration/total"] = str(sum(int(texts[f"disputes/reconsideration/{kind}"]) for kind in kinds))
    return texts, {LONE: cell(read, witness=witness, third=third or {"39": 0.9})}


def test_a_lone_equation_repairs_what_the_ink_says_by_itself() -> None:
    part = printed(*lone(TORN), "disputes")
    assert part.judged()[LONE].status is Status.REPAIRED
    assert part.repaired()[LONE].repaired_by == ("outcomes[reconsideration]",)
    assert part.judged(ON.model_copy(update={"repair_single": False}))[LONE].status is Status.CONFLICT


@pytest.mark.parametrize(
    ("read", "witness", "third"),
    [
        pytest.param({"38": 0.97, "39": 0.02}, "38", {"38": 0.9, "39": 0.05}, id="it is clear"),
        pytest.param({"38": 0.6, "39": 0.3}, "38", {"38": 0.7, "39": 0.2}, id="all readers prefer the other"),
        pytest.param({"38": 0.9}, "38", {"38": 0.9}, id="nobody saw what is asked for"),
    ],
)
def test_a_lone_equation_does_not_make_a_figure_unclear(read: Typed, witness: str, third: Typed) -> None:
    assert printed(*lone(read, witness=witness, third=third), "disputes").judged()[LONE].status is Status.CONFLICT


def test_a_lone_equation_says_nothing_where_another_member_may_be_meant() -> None:
    texts, cells = lone(TORN)
    other = "disputes/reconsideration/other"
    before, texts[other] = int(texts[other]), "19"
    total = "disputes/reconsideration/total"
    texts[total] = str(int(texts[total]) + 19 - before)
    cells[other] = cell({"19": 0.6, "20": 0.35}, witness="20", third={"20": 0.9})
    assert printed(texts, cells, "disputes").judged()[LONE].status is Status.CONFLICT


def test_two_figures_misread_alike_do_not_vouch_for_each_other() -> None:
    texts = figures("disputes")
    row = [f for f in texts if f.startswith("disputes/litigation_after/")]
    texts.update(dict.fromkeys(row, "0"))
    one, total = "disputes/litigation_after/other", "disputes/litigation_after/total"
    # The total was not heard by others, since its sum closes.
    sure = cell({"8": 0.99, "0": 0.004}).model_copy(update={"witnesses": ()})
    clear = printed(texts, {one: cell({"8": 0.99}), total: sure}, "disputes").judged()
    assert {clear[field].status for field in (one, total)} == {Status.VERIFIED}
    torn = cell({"8": 0.9, "0": 0.08}, witness="0", third={"0": 0.99})
    judged = printed(texts, {one: torn, total: sure}, "disputes").judged()
    assert not any(judged[field].status.is_good for field in (one, total))
    assert all(judged[field].status.is_good for field in row if field not in (one, total))


def test_two_explanations_are_none() -> None:
    spec = FORM.part("applications").fields[0]
    doubtful = cell({"3": 0.5, "8": 0.4})
    cells = {"p/a": doubtful, "p/b": doubtful, "p/c": cell({"11": 0.99}), "p/d": cell({"11": 0.99})}
    placed = [PlacedField(spec=replace(spec, id=f), cell=c) for f, c in cells.items()]
    equations = tuple(Equation(f"e{f}", ("p/a", "p/b"), (), (f,)) for f in ("p/c", "p/d"))
    part = Part(placed, equations)
    assert part.repaired() == part.decisions
    placed[1] = replace(placed[1], cell=cell({"3": 0.99}))
    assert Part(placed, equations).repaired()["p/a"].value == 8


@pytest.mark.parametrize("text", ["", "0", "123"])
@pytest.mark.parametrize("field", ["3.2/total", "3.7/natural", "3.7/total", "2/other"])
def test_the_issuers_figures_stay_as_printed(field: str, text: str) -> None:
    texts = figures()
    changed = f"applications/{field}"
    rivals = {f: cell({t: 0.97, t + "1": 0.004, **({t[:-1]: 0.004} if len(t) > 1 else {})}) for f, t in texts.items()}
    blank = Cell(row=0, column=0, text="", ink=False)
    part = printed(texts, {**rivals, changed: cell({text: 0.97, texts[changed]: 0.004}) if text else blank})
    assert part.repaired() == part.decisions


def test_two_lost_readings_do_not_change_the_cell_where_they_cross() -> None:
    texts = figures()
    rows = [f.split("/")[1] for f in texts if f.endswith("/business") and f.split("/")[1].startswith("3.3")]
    row = next(r for r in rows if texts[f"applications/{r}/business"][-1] not in "01")
    crossing, beside, above = (f"applications/{f}" for f in (f"{row}/business", f"{row}/legal", "3.1/business"))
    lost = {field: cell({str(int(texts[field]) + 1): 0.99}) for field in (beside, above)}
    doubtful = cell({texts[crossing]: 0.6, str(int(texts[crossing]) - 1): 0.35})
    part = printed(texts, {**lost, crossing: doubtful})
    assert len(broken(part, part.decisions)) == 4
    assert part.repaired() == part.decisions


def test_an_equation_that_a_repair_closed_proves_nothing_beside_a_broken_one() -> None:
    texts = figures()
    column = [f for f in texts if f.endswith("/business") and "/3.3" in f]
    more = next(f for f in column if int(texts[f]) >= 20)
    less = next(f for f in column if int(texts[f]) >= 20 and f != more)
    # The two cancel out in their column, which the third figure broke and its repair closes.
    lost = {more: cell({str(int(texts[more]) + 13): 0.99}), less: cell({str(int(texts[less]) - 13): 0.99})}
    third = cell({off_by_one_digit(texts): 0.6, texts[CELL]: 0.35}, witness=texts[CELL])
    judged = printed(texts, {**lost, CELL: third}).judged()
    assert judged[CELL].status is Status.REPAIRED
    assert {judged[field].status for field in lost} == {Status.CONFLICT}


def test_no_time_no_repair() -> None:
    part, _ = damaged(1)
    assert broken(part, part.decisions)
    assert part.repaired(TemplateOptions(repair=True, repair_effort=1e-9)) == part.decisions


@pytest.mark.parametrize(("name", "share", "least"), [("applications", 0.01, 0.4), ("disputes", 0.02, 0.2)])
def test_many_are_put_right_and_none_made_wrong(name: str, share: float, least: float) -> None:
    wrong = right = 0
    for seed in range(12):
        part, texts = damaged(seed, share, name)
        before, after = part.decisions, part.repaired()
        wrong += sum(str(d.value) != texts[f] for f, d in before.items())
        right += sum(bool(d.repaired_by) for d in after.values())
        assert all(str(d.value) == texts[f] for f, d in after.items() if d.repaired_by)
    assert right >= least * wrong > 0


@FEW
@given(seed=SEEDS, name=PARTS)
def test_a_value_whose_equations_close_is_never_changed(seed: int, name: str) -> None:
    part, _ = damaged(seed, part=name)
    before, after = part.decisions, part.repaired()
    failed = {
        field
        for outcome in evaluate(part.equations, figures_read(before))
        if outcome.state != "closed"
        for field in outcome.equation.members
    }
    assert all(after[field] == decision for field, decision in before.items() if field not in failed)


@FEW
@given(seed=SEEDS, name=PARTS)
def test_no_equation_is_broken_that_was_not(seed: int, name: str) -> None:
    part, _ = damaged(seed, part=name)
    assert broken(part, part.repaired()) <= broken(part, part.decisions)


@FEW
@given(seed=SEEDS, name=PARTS)
def test_the_order_of_cells_does_not_matter(seed: int, name: str) -> None:
    part, _ = damaged(seed, part=name)
    rng = random.Random(seed)
    other = Part(rng.sample(part.placed, len(part.placed)), tuple(rng.sample(part.equations, len(part.equations))))
    assert part.repaired() == other.repaired()


@FEW
@given(seed=SEEDS, name=PARTS)
def test_without_equations_all_stays(seed: int, name: str) -> None:
    part, _ = damaged(seed, part=name)
    alone = replace(part, equations=())
    assert alone.repaired() == alone.decisions


@pytest.mark.parametrize(("first", "closer", "repaired"), [(0.1, 0.85, True), (0.4, 0.02, False)])
def test_a_closer_look_decides_what_the_first_leaves_open(first: float, closer: float, repaired: bool) -> None:
    texts = figures()
    wrong, true = off_by_one_digit(texts), texts[CELL]
    seen = cell({wrong: 0.9 - first, true: first}, third={wrong: 0.75 - first, true: first + 0.2})
    part = printed(texts, {CELL: seen})
    looks = tuple(
        Reading(text=text, log_prob=math.log(p), engine=engine)
        for engine in CLOSER_LOOKS
        for text, p in ((wrong, 0.95 - closer), (true, closer))
    )
    asked: list[set[str]] = []

    def look(cells: Mapping[str, Cell]) -> dict[str, Cell]:
        asked.append(set(cells))
        return {name: c.model_copy(update={"witnesses": (*c.witnesses, *looks)}) for name, c in cells.items()}

    without = part.repaired()[CELL]
    decided = prove(part.placed, part.equations, ON, look).decisions[CELL]
    assert asked == [{CELL}]
    assert bool(without.repaired_by) is not repaired
    assert (bool(decided.repaired_by), str(decided.value)) == (repaired, true if repaired else wrong)


def test_no_closer_look_is_taken_where_everything_closes() -> None:
    texts = figures()
    part = printed(texts, {})

    def look(cells: Mapping[str, Cell]) -> dict[str, Cell]:
        raise AssertionError(f"looked at {sorted(cells)}")

    assert not any(d.repaired_by for d in prove(part.placed, part.equations, ON, look).decisions.values())
