"""A stage that labels in Label Studio has no stack for it: a token to read, and the end of a stopped job to hear of."""

from __future__ import annotations

from collections.abc import Callable

from tests.infra.grants import grants
from tests.infra.variants import IN_LABEL_STUDIO, LABEL_STUDIO_GUARDED, NO_LABEL_STUDIO, Synthesized

Stages = Callable[[str], Synthesized]


def test_nothing_is_made_for_people(synthesized: Stages) -> None:
    made = synthesized(IN_LABEL_STUDIO)
    assert set(made.templates) == {"network", "storage", "studio", "workflow"}
    assert not [role for role in made.resources("workflow", "AWS::IAM::Role") if role.startswith("LabelingRole")]


def test_the_end_of_a_job_that_we_stopped_is_heard(synthesized: Stages) -> None:
    rules = synthesized(IN_LABEL_STUDIO).resources("workflow", "AWS::Events::Rule").values()
    assert ["kempelen.portal"] in [rule["EventPattern"]["source"] for rule in rules]


def test_images_are_open_only_to_whom_signs_their_addresses(synthesized: Stages) -> None:
    def readers(variant: str) -> set[str]:
        made = grants(synthesized(variant))
        return {grant.role for grant in made if (grant.action, grant.resource) == ("s3:GetObject", "Data/raw/*")}

    assert readers(IN_LABEL_STUDIO) - readers(LABEL_STUDIO_GUARDED) == {"FunctionsstartlabelingRole"}


def test_where_nobody_labels_nobody_reads_the_token(synthesized: Stages) -> None:
    made = synthesized(NO_LABEL_STUDIO)
    assert not [grant for grant in grants(made) if grant.action.startswith("secretsmanager:")]
    functions = made.resources("workflow", "AWS::Lambda::Function").values()
    urls = [function["Environment"]["Variables"].get("LABEL_STUDIO_URL", "") for function in functions]
    assert set(urls) == {""}
