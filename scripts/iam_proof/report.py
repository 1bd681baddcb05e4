"""The proof as people read it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scripts.iam_proof.mutants import told
from scripts.iam_proof.proof import Proof, Verdict

_MOST = 40


def show(console: Console, name: str, proof: Proof) -> None:
    console.print(table(name, proof))
    verdict = proof.verdict
    for title, lines in _findings(verdict):
        console.print(f"\n[bold red]{len(lines)} {title}[/]")
        for line in lines[:_MOST]:
            console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
        if len(lines) > _MOST:
            console.print(f"  … and {len(lines) - _MOST} more")
    total, survivors = proof.mutants
    console.print(
        f"\n{len(proof.recorded)} recorded requests and {len(proof.behalf)} that AWS makes on our behalf are allowed; "
        f"{len(proof.probes)} foreign ones are denied, but for what explained.toml explains; of {total} mutants "
        f"{len(survivors)} go unnoticed, each with its reason there"
        if verdict.proven
        else "\n[bold red]Not proven.[/]",
        soft_wrap=True,
    )


def table(name: str, proof: Proof) -> Table:
    """A line for each role and each resource with a policy."""
    made = Table("who", "rights", "used", "explained", "asked", "foreign", title=f"IAM, proven: {name}")
    rights, used = _rights(proof)
    unused: Counter[str] = Counter(grant.who for grant in proof.unused)
    asked = Counter(proof.stage.roles.get(request.principal, request.principal) for request in proof.made)
    foreign = Counter(proof.stage.roles.get(one.request.principal, "") for one in proof.probes)
    for who in sorted(rights):
        cells = (rights[who], len(used[who]), unused[who], asked[who], foreign[who])
        made.add_row(who, *(str(cell) if cell else "" for cell in cells))
    return made


def _rights(proof: Proof) -> tuple[Counter[str], dict[str, set[tuple[str, str]]]]:
    """Pairs of an action and a resource, by who has them."""
    rights: Counter[str] = Counter()
    for statement in proof.allowing():
        rights[proof.stage.whose[statement.policy]] += len(statement.actions) * len(statement.resources or ("",))
    used: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for match in proof.used:
        if match.policy in proof.stage.whose:
            grant = proof.stage.grant(match)
            used[grant.who].add((grant.may, grant.on))
    return rights, used


def _findings(verdict: Verdict) -> Iterator[tuple[str, list[str]]]:
    found = {
        "requests that are needed and denied": [
            f"{decision.reason} ({request.by or 'recorded'}: {request.call})" for request, decision in verdict.denied
        ],
        "rights that nothing uses and explained.toml does not explain": [str(grant) for grant in verdict.unused],
        "foreign requests that are allowed": [
            f"{what}: {asked.principal} {asked.action} on {asked.resources[0]}, by {grant}"
            for what, asked, grant in ((probe.what, probe.request, grant) for probe, grant in verdict.allowed)
        ],
        "mutants that nothing notices": [told(mutant) for mutant in verdict.survivors],
        "policies of AWS that are not read": [str(grant) for grant in verdict.unread],
        "entries of explained.toml that explain nothing": [str(one) for one in verdict.stale],
    }
    return ((title, lines) for title, lines in found.items() if lines)
