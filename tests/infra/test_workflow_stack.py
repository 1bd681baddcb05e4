from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from stacks.assets import ROOT
from stacks.constructs.workflow.definition import read_definition
from stacks.constructs.workflow.state_machine import placeholders
from stacks.naming import MACHINES, WORKFLOW_FUNCTIONS
from tests.infra.policies import allowing, policies_of
from tests.infra.variants import AUTOMATED, CUSTOM_CODE, GIVEN_WORKTEAM, NOT_LABELING, WORKTEAM, Synthesized

PAGE_OF_FAILURES = "docs/reliability.md#when-a-run-has-failed"


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_gets_every_substitution_that_its_file_names(machine: str, dev: Synthesized) -> None:
    text = read_definition(ROOT / "workflows" / f"{machine}.asl.json")
    (made,) = (
        properties
        for properties in dev.resources("workflow", "AWS::StepFunctions::StateMachine").values()
        if properties.get("StateMachineName") == f"kempelen-dev-{machine}"
    )
    assert set(made["DefinitionSubstitutions"]) == placeholders(text)
    assert made["DefinitionString"] == text


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_is_logged_and_traced(machine: str, dev: Synthesized) -> None:
    machines = dev.resources("workflow", "AWS::StepFunctions::StateMachine").values()
    (made,) = (properties for properties in machines if properties.get("StateMachineName") == f"kempelen-dev-{machine}")
    assert made["LoggingConfiguration"]["Level"] == "ALL"
    assert made["TracingConfiguration"] == {"Enabled": True}


@pytest.mark.parametrize("folder", WORKFLOW_FUNCTIONS)
def test_a_function_is_found_by_its_folder(folder: str, dev: Synthesized) -> None:
    functions = dev.resources("workflow", "AWS::Lambda::Function").values()
    name = f"kempelen-dev-{folder.replace('_', '-')}"
    (function,) = (properties for properties in functions if properties.get("FunctionName") == name)
    assert function["Handler"] == f"lambdas.{folder}.handler.handler"
    assert (ROOT / "lambdas" / folder / "handler.py").is_file()
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert "LogGroup" in function["LoggingConfig"]


def test_functions_cannot_make_log_groups_that_outlive_the_stack(dev: Synthesized) -> None:
    """Ours: the functions of CDK's framework log by AWS's own policy."""
    roles = dev.resources("workflow", "AWS::IAM::Role").items()
    ours = [role for identity, role in roles if not identity.startswith("StopWorkProvider")]
    assert len(ours) > len(WORKFLOW_FUNCTIONS)
    for role in ours:
        assert "AWSLambdaBasicExecutionRole" not in json.dumps(role)


def test_a_machine_calls_the_functions_that_it_names_and_no_other(dev: Synthesized) -> None:
    invoked = allowing(policies_of(dev, "workflow", "TeardownRole"), "lambda:InvokeFunction")
    assert "Functionsteardownstep" in json.dumps(invoked["Resource"])
    assert "Functionspublishversion" not in json.dumps(policies_of(dev, "workflow", "LabelRole"))


def test_augment_may_run_and_await_processing_jobs_of_its_stage(dev: Synthesized) -> None:
    statements = policies_of(dev, "workflow", "AugmentRole")
    jobs = allowing(statements, "sagemaker:CreateProcessingJob")
    assert "processing-job/kempelen-dev-*" in json.dumps(jobs["Resource"])
    assert {"sagemaker:AddTags", "sagemaker:StopProcessingJob"} <= set(jobs["Action"])
    rule = allowing(statements, "events:PutRule")
    assert "StepFunctionsGetEventsForSageMakerProcessingJobsRule" in json.dumps(rule["Resource"])


def test_pipeline_may_start_await_and_stop_the_machines_that_it_runs(dev: Synthesized) -> None:
    text = json.dumps(policies_of(dev, "workflow", "PipelineRole"))
    for wanted in (
        "states:StartExecution",
        "execution:kempelen-dev-label:*",
        "execution:kempelen-dev-augment:*",
        "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    ):
        assert wanted in text
    assert "kempelen-dev-teardown" not in text


def test_assist_may_start_label_and_processing_jobs_and_nothing_that_publishes(dev: Synthesized) -> None:
    text = json.dumps(policies_of(dev, "workflow", "AssistRole"))
    for wanted in ("execution:kempelen-dev-label:*", "processing-job/kempelen-dev-*", "Functionsnextround"):
        assert wanted in text
    for other in ("kempelen-dev-augment", "kempelen-dev-pipeline", "Functionspublishversion"):
        assert other not in text


def test_what_a_round_decides_is_all_that_its_functions_and_job_write_there(dev: Synthesized) -> None:
    written = json.dumps(allowing(policies_of(dev, "workflow", "Functionscollectrounds"), "s3:PutObject")["Resource"])
    assert "assist/*/embeddings.npz" in written
    assert '/assist/*"' not in written
    asked = json.dumps(policies_of(dev, "workflow", "Functionsbuildmanifest"))
    assert "assist/*/ask.jsonl" in asked


@pytest.mark.parametrize(
    ("role", "passed"),
    [("AugmentRole", "ProcessingRole"), ("AssistRole", "ProcessingRole"), ("Functionsstartlabeling", "LabelingRole")],
)
def test_a_role_is_passed_to_sagemaker_alone(role: str, passed: str, dev: Synthesized) -> None:
    statement = allowing(policies_of(dev, "workflow", role), "iam:PassRole")
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert passed in statement["Resource"]["Fn::GetAtt"][0]


@pytest.mark.parametrize("role", ["ProcessingRole", "LabelRole", "AugmentRole"])
def test_services_assume_roles_for_this_account_alone(role: str, dev: Synthesized) -> None:
    roles = dev.resources("workflow", "AWS::IAM::Role").items()
    (found,) = (properties for identity, properties in roles if identity.startswith(role))
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    assert "aws:SourceAccount" in json.dumps(statement["Condition"])


def test_publishing_deletes_parts_and_never_a_published_file(dev: Synthesized) -> None:
    statements = policies_of(dev, "workflow", "Functionspublishversion")
    assert "datasets/*/parts/*" in json.dumps(allowing(statements, "s3:DeleteObject")["Resource"])


def test_the_job_reads_engine_and_wheelhouse_by_their_exact_keys(dev: Synthesized) -> None:
    machines = dev.resources("workflow", "AWS::StepFunctions::StateMachine").values()
    (augment,) = (machine for machine in machines if machine.get("StateMachineName") == "kempelen-dev-augment")
    substitutions = augment["DefinitionSubstitutions"]
    assert substitutions["EngineCodeFile"].endswith(".zip")
    assert substitutions["EngineCodeFile"] in json.dumps(substitutions["EngineCodeUri"])
    assert substitutions["EngineCodeFile"] in json.dumps(policies_of(dev, "workflow", "ProcessingRole"))


def test_a_schedule_is_off_until_someone_turns_it_on(dev: Synthesized) -> None:
    schedule = dev.only("workflow", "AWS::Scheduler::Schedule")
    assert schedule["State"] == "DISABLED"
    assert schedule["ScheduleExpression"] == "rate(15 minutes)"


def test_a_tick_gives_augment_its_window_and_is_not_lost(dev: Synthesized) -> None:
    schedule = dev.only("workflow", "AWS::Scheduler::Schedule")
    target = schedule["Target"]
    assert json.loads(target["Input"]) == {
        "dataset": "lego-faces",
        "recipe": "recipes/lego-faces.yaml",
        "seed": 0,
        "instances": 1,
        "window": "<aws.scheduler.scheduled-time>",
    }
    assert target["RetryPolicy"]["MaximumRetryAttempts"] <= 185
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 86_400
    assert "DeadLetters" in json.dumps(target["DeadLetterConfig"])


def test_a_tick_brings_along_what_its_schedule_names(synthesized: Callable[[str], Synthesized]) -> None:
    schedule = synthesized(CUSTOM_CODE).only("workflow", "AWS::Scheduler::Schedule")
    given = json.loads(schedule["Target"]["Input"])
    assert (given["code"], given["backgrounds"]) == ("code/my_steps.py", "backgrounds/city")


def test_failures_and_lost_ticks_raise_alarms_that_notify(dev: Synthesized) -> None:
    alarms = dev.resources("workflow", "AWS::CloudWatch::Alarm").values()
    assert len(alarms) == len(MACHINES) + len(WORKFLOW_FUNCTIONS) + 1
    for alarm in alarms:
        assert len(alarm["AlarmActions"]) == 1
        assert alarm["TreatMissingData"] == "notBreaching"


def test_operators_are_told_by_mail_when_the_settings_say_so(dev: Synthesized, guarded: Synthesized) -> None:
    dev.templates["workflow"].resource_count_is("AWS::SNS::Subscription", 0)
    assert guarded.only("workflow", "AWS::SNS::Subscription")["Endpoint"] == "operator@example.com"


def test_outputs_name_machines_schedules_and_topic(dev: Synthesized) -> None:
    machines = {f"{machine.capitalize()}StateMachineArn" for machine in MACHINES}
    assert dev.outputs("workflow") == {*machines, "ScheduleGroupName", "TopicArn"}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_state_waits_a_little_longer_than_its_function_may_take(machine: str, dev: Synthesized) -> None:
    """Else a state gives up a function that is still at work, or waits for one that is over."""
    seconds = {
        made["FunctionName"].removeprefix("kempelen-dev-"): made["Timeout"]
        for made in dev.resources("workflow", "AWS::Lambda::Function").values()
        if "FunctionName" in made
    }
    states = json.loads(read_definition(ROOT / "workflows" / f"{machine}.asl.json"))["States"]
    for name, state in states.items():
        called = re.search(r"\$\{(\w+)FunctionArn\}", json.dumps(state))
        if called and state.get("Resource") == "arn:aws:states:::lambda:invoke":
            folder = re.sub(r"(?<=.)([A-Z])", r"-\1", called[1]).lower()
            assert state["TimeoutSeconds"] == seconds[folder] + 30, name


@pytest.mark.parametrize("folder", ["build-manifest", "collect-labels", "publish-version"])
def test_what_handles_all_objects_of_a_job_has_a_whole_cpu_and_a_quarter_of_an_hour(
    folder: str, dev: Synthesized
) -> None:
    functions = dev.resources("workflow", "AWS::Lambda::Function").values()
    (function,) = (made for made in functions if made.get("FunctionName") == f"kempelen-dev-{folder}")
    assert (function["MemorySize"], function["Timeout"]) == (1769, 900)


def test_the_job_reads_assets_that_a_customer_key_encrypts_through_s3_alone(dev: Synthesized) -> None:
    decrypt = allowing(policies_of(dev, "workflow", "ProcessingRole"), "kms:Decrypt")
    condition = decrypt["Condition"]
    assert "kms:ViaService" in condition["StringEquals"]
    assert "kms:EncryptionContext:aws:s3:arn" in condition["StringLike"]
    located = [one for one in policies_of(dev, "workflow", "ProcessingRole") if "s3:GetBucketLocation" in one["Action"]]
    assert any("cdk-hnb659fds-assets" in json.dumps(one["Resource"]) for one in located)


def test_work_is_stopped_before_anything_that_could_run_is_deleted(dev: Synthesized) -> None:
    """CloudFormation deletes in the reverse order of DependsOn; a state machine waits for its executions."""
    template = dev.templates["workflow"]
    resources = template.find_resources("Custom::KempelenStopWork")
    (identity,) = resources
    assert identity == "StopWork4538CEA2"  # a new id would stop all work once, when CloudFormation deletes the old one
    held = set(resources[identity]["DependsOn"])
    for kind, number in (("StepFunctions::StateMachine", len(MACHINES)), ("Scheduler::Schedule", 1)):
        ours = {one for one in template.find_resources(f"AWS::{kind}") if not one.startswith("StopWorkProvider")}
        assert len(ours) == number
        assert ours <= held, kind


def test_a_destruction_stops_a_teardown_that_runs_beside_it_and_a_teardown_does_not_stop_itself(
    dev: Synthesized,
) -> None:
    functions = dev.resources("workflow", "AWS::Lambda::Function").values()
    stopped = {
        str(function["FunctionName"]): json.dumps(function["Environment"]["Variables"]["STATE_MACHINE_ARNS"])
        for function in functions
        if "STATE_MACHINE_ARNS" in function.get("Environment", {}).get("Variables", {})
    }
    own = stopped.pop("kempelen-dev-teardown-step")
    assert "stateMachine:kempelen-dev-teardown" not in own
    assert len(stopped) == 2
    for arns in stopped.values():
        assert all(f"stateMachine:kempelen-dev-{machine}" in arns for machine in MACHINES)
    for arns in (own, *stopped.values()):
        assert arns.index("kempelen-dev-pipeline") < min(
            arns.index("kempelen-dev-label"), arns.index("kempelen-dev-augment")
        ), "a parent whose child is stopped first fails"


def test_events_of_this_stages_jobs_and_of_label_reach_their_functions(dev: Synthesized) -> None:
    made = dev.resources("workflow", "AWS::Events::Rule")
    rules = [rule for identity, rule in made.items() if identity.startswith("Events")]
    by_source = {rule["EventPattern"]["source"][0]: rule for rule in rules}
    assert (len(made), len(rules)) == (3, 2)
    jobs = by_source["aws.sagemaker"]["EventPattern"]
    assert jobs["detail-type"] == ["SageMaker Ground Truth Labeling Job State Change"]
    assert json.dumps(jobs["resources"][0]["prefix"]).endswith('labeling-job/kempelen-dev-"]]}')
    executions = by_source["aws.states"]["EventPattern"]["detail"]
    assert executions["status"] == ["ABORTED", "FAILED", "TIMED_OUT"]
    assert "Label" in executions["stateMachineArn"][0]["Ref"]
    for rule in rules:
        (target,) = rule["Targets"]
        assert "DeadLetters" in json.dumps(target["DeadLetterConfig"])


def test_an_event_of_which_a_function_fails_three_times_is_a_dead_letter(dev: Synthesized) -> None:
    kept = dev.resources("workflow", "AWS::Lambda::EventInvokeConfig").values()
    assert sorted("labelingended" in json.dumps(one["FunctionName"]) for one in kept) == [False, True]
    for one in kept:
        assert one["MaximumRetryAttempts"] == 2
        assert "DeadLetters" in json.dumps(one["DestinationConfig"]["OnFailure"]["Destination"])


def test_people_are_told_of_an_execution_that_was_stopped_or_timed_out_and_what_to_do(dev: Synthesized) -> None:
    made = dev.resources("workflow", "AWS::Events::Rule")
    (rule,) = (rule for identity, rule in made.items() if identity.startswith("Stopped"))
    detail = rule["EventPattern"]["detail"]
    assert detail["status"] == ["ABORTED", "TIMED_OUT"]
    assert len(detail["stateMachineArn"]) == len(MACHINES)
    (target,) = rule["Targets"]
    text = json.dumps(target["InputTransformer"]["InputTemplate"])
    for words in ("Labels that people gave are kept", "redrive-execution --execution-arn", PAGE_OF_FAILURES):
        assert words in text
    allowed = json.dumps(dev.resources("workflow", "AWS::SNS::TopicPolicy"))
    assert "events.amazonaws.com" in allowed


def test_a_machines_own_token_is_all_that_its_role_may_fail(dev: Synthesized) -> None:
    for machine in MACHINES:
        statement = allowing(policies_of(dev, "workflow", f"{machine.capitalize()}Role"), "states:SendTaskFailure")
        assert json.dumps(statement["Resource"]).endswith(f'stateMachine:kempelen-dev-{machine}"]]}}')


def test_an_alarm_says_what_failed_how_to_look_and_where_it_is_written_what_to_do(dev: Synthesized) -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")}
    for alarm in dev.resources("workflow", "AWS::CloudWatch::Alarm").values():
        said = json.dumps(alarm["AlarmDescription"])
        assert "kempelen-dev" in said
        assert "aws " in said
        anchors = re.findall(r"docs/reliability\.md#([a-z-]+)", said)
        assert anchors
        assert set(anchors) <= headings


def test_a_function_wakes_executions_of_label_and_of_no_other_machine(dev: Synthesized) -> None:
    for folder in ("awaitlabeling", "labelingended", "executionended"):
        statement = allowing(policies_of(dev, "workflow", f"Functions{folder}"), "states:SendTaskSuccess")
        assert json.dumps(statement["Resource"]).endswith('stateMachine:kempelen-dev-label"]]}')


def test_the_job_may_pull_its_image_from_awss_own_repository(dev: Synthesized) -> None:
    pull = allowing(policies_of(dev, "workflow", "ProcessingRole"), "ecr:BatchGetImage")
    assert pull["Resource"] == "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-scikit-learn"
    assert allowing(policies_of(dev, "workflow", "ProcessingRole"), "ecr:GetAuthorizationToken")["Resource"] == "*"


def test_ground_truth_assumes_its_role_without_a_condition_that_nobody_has_seen_it_meet(dev: Synthesized) -> None:
    roles = dev.templates["workflow"].find_resources("AWS::IAM::Role").items()
    trust = {name: json.dumps(role["Properties"]["AssumeRolePolicyDocument"]) for name, role in roles}
    assert all("aws:SourceAccount" not in text for name, text in trust.items() if name.startswith("LabelingRole"))
    assert all("aws:SourceAccount" in text for name, text in trust.items() if name.startswith("ProcessingRole"))


def workteam_of(variant: Synthesized) -> str:
    """As `start_labeling` is told."""
    functions = variant.resources("workflow", "AWS::Lambda::Function").values()
    (given,) = (one for one in functions if one.get("FunctionName") == "kempelen-dev-start-labeling")
    return str(given["Environment"]["Variables"]["WORKTEAM_ARN"])


def test_a_given_workteam_labels_without_a_workforce_of_our_own(synthesized: Callable[[str], Synthesized]) -> None:
    variant = synthesized(GIVEN_WORKTEAM)
    assert "workforce" not in variant.templates
    assert workteam_of(variant) == WORKTEAM
    statement = allowing(policies_of(variant, "workflow", "Functionspreflight"), "sagemaker:DescribeWorkteam")
    assert statement["Resource"] == WORKTEAM


def test_without_labeling_all_else_is_there_and_no_workteam_is_named(
    synthesized: Callable[[str], Synthesized],
) -> None:
    variant = synthesized(NOT_LABELING)
    assert set(variant.templates) == {"network", "storage", "studio", "workflow"}
    assert workteam_of(variant) == ""
    assert "DescribeWorkteam" not in str(policies_of(variant, "workflow", "Functionspreflight"))
    machines = variant.resources("workflow", "AWS::StepFunctions::StateMachine").values()
    named = {machine.get("StateMachineName") for machine in machines}
    assert {f"kempelen-dev-{machine}" for machine in MACHINES} <= named


def test_the_labeling_role_runs_a_model_only_where_the_settings_say_so(
    synthesized: Callable[[str], Synthesized], dev: Synthesized
) -> None:
    assert "iam:PassRole" not in str(policies_of(dev, "workflow", "LabelingRole"))
    statements = policies_of(synthesized(AUTOMATED), "workflow", "LabelingRole")
    passed = allowing(statements, "iam:PassRole")
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert passed["Resource"]["Fn::GetAtt"][0].startswith("LabelingRole")
    assert allowing(statements, "kms:CreateGrant")["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_labeling_job_is_told_of_the_stages_key(synthesized: Callable[[str], Synthesized], dev: Synthesized) -> None:
    told = []
    for stage in (dev, synthesized(AUTOMATED)):
        functions = stage.resources("workflow", "AWS::Lambda::Function").values()
        (given,) = (one for one in functions if one.get("FunctionName") == "kempelen-dev-start-labeling")
        values = given["Environment"]["Variables"]
        told.append((values["AUTOMATED_LABELING"], values["VOLUME_KEY_ARN"] != ""))
    assert told == [("false", False), ("true", True)]


def test_the_own_key_encrypts_the_disks_of_jobs(dev: Synthesized, guarded: Synthesized) -> None:
    for made, expected in ((dev, "none"), (guarded, {"Fn::ImportValue"})):
        machines = made.resources("workflow", "AWS::StepFunctions::StateMachine").values()
        told = [one.get("DefinitionSubstitutions", {}).get("ProcessingVolumeKeyArn") for one in machines]
        keys = [key for key in told if key is not None]
        assert len(keys) == 2
        assert all(key == expected or set(key) == expected for key in keys)
    statements = policies_of(guarded, "workflow", "ProcessingRole")
    grant = allowing(statements, "kms:CreateGrant")
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
