"""Events of the account that functions answer, or that people are told of: labeling jobs and executions that ended."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from domain.workflow.names import PORTAL_EVENT, PORTAL_SOURCE, portal_job_resource
from stacks.constructs.shared.access import arn
from stacks.naming import Names


class StoppedExecutions(Construct):
    """Tells people of an execution that was stopped or timed out: it has no state left in which to tell of itself."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        names: Names,
        machines: Mapping[str, sfn.IStateMachine],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, identity)
        arns = [machine.state_machine_arn for machine in machines.values()]
        pattern = events.EventPattern(
            source=["aws.states"],
            detail_type=["Step Functions Execution Status Change"],
            detail={"stateMachineArn": arns, "status": ["ABORTED", "TIMED_OUT"]},
        )
        execution = events.EventField.from_path("$.detail.executionArn")
        status = events.EventField.from_path("$.detail.status")
        text = (
            f"{names.base}: execution {execution} ended as {status}. Labels that people gave are kept. Data set "
            f"and run stand in its input: aws stepfunctions describe-execution --execution-arn {execution} . To go on "
            f"where it was: aws stepfunctions redrive-execution --execution-arn {execution} . More: docs/reliability.md"
            "#when-a-run-has-failed"
        )
        target = targets.SnsTopic(topic, message=events.RuleTargetInput.from_text(text))
        description = f"An execution of {names.base} was stopped or timed out"
        events.Rule(self, "Rule", description=description, event_pattern=pattern, targets=[target])


class EventRules(Construct):
    """What a function cannot be given for six hours lands in `dead_letters`, and so does what it has failed of three
    times. `own_events`: we tell of ends; `of_ground_truth`: it does."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        names: Names,
        functions: Mapping[str, lambda_.Function],
        label: sfn.IStateMachine,
        own_events: bool,
        of_ground_truth: bool,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, identity)
        self._functions = functions
        self._dead_letters = dead_letters
        patterns = [self._ours(names)] if own_events else []
        patterns += [self._in_ground_truth(names)] if of_ground_truth else []
        for folder in ("labeling_ended", "execution_ended"):
            self._keep_what_fails(functions[folder])
        for number, pattern in enumerate(patterns):
            more = f"_{number + 1}" if number else ""
            self._rule("labeling_ended", "A labeling job of this stage has ended", pattern, identity=more)
        # https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
        self._rule(
            "execution_ended",
            f"An execution of {names.machine('label')} was stopped, timed out or failed",
            events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [label.state_machine_arn], "status": ["ABORTED", "FAILED", "TIMED_OUT"]},
            ),
        )

    def _keep_what_fails(self, function: lambda_.Function) -> None:
        """To the rule an event is delivered once Lambda has queued it: what becomes of it then, only the function's own
        destination is told. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
        function.configure_async_invoke(
            on_failure=destinations.SqsDestination(self._dead_letters),
            max_event_age=Duration.hours(6),
            retry_attempts=2,
        )

    def _in_ground_truth(self, names: Names) -> events.EventPattern:
        """https://docs.aws.amazon.com/sagemaker/latest/dg/sms-monitor-cloud-watch.html"""
        return events.EventPattern(
            source=["aws.sagemaker"],
            detail_type=["SageMaker Ground Truth Labeling Job State Change"],
            resources=events.Match.prefix(arn(self, "sagemaker", f"labeling-job/{names.job_prefix}")),
            detail={"LabelingJobStatus": ["Completed", "Failed", "Stopped"]},
        )

    def _ours(self, names: Names) -> events.EventPattern:
        """As adapters/events.py tells it."""
        return events.EventPattern(
            source=[PORTAL_SOURCE],
            detail_type=[PORTAL_EVENT],
            resources=events.Match.prefix(portal_job_resource(names.job_prefix)),
        )

    def _rule(self, folder: str, description: str, pattern: events.EventPattern, identity: str = "") -> None:
        target = targets.LambdaFunction(
            self._functions[folder],
            dead_letter_queue=self._dead_letters,
            max_event_age=Duration.hours(6),
            retry_attempts=24,
        )
        events.Rule(self, f"{folder}{identity}", description=description, event_pattern=pattern, targets=[target])
