"""What an operator sees: alarms that notify, and one dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.naming import Names

_PERIOD = Duration.minutes(5)


PAGE = "docs/reliability.md"


@dataclass(frozen=True)
class Watched:
    machines: Mapping[str, sfn.StateMachine]
    functions: Mapping[str, lambda_.Function]
    dead_letters: sqs.Queue


class Operations(Construct):
    """Alarms for failed executions of each machine, for errors of each function, and for ticks that were lost."""

    def __init__(self, scope: Construct, identity: str, *, names: Names, watched: Watched, topic: sns.ITopic) -> None:
        super().__init__(scope, identity)
        self._action = actions.SnsAction(topic)
        for part, machine in watched.machines.items():
            failed = machine.metric_failed(period=_PERIOD, statistic="Sum")
            self._alarm(f"{part.capitalize()}Failed", failed, _of_machine(names.machine(part), machine))
        for folder, function in watched.functions.items():
            errors = function.metric_errors(period=_PERIOD)
            self._alarm(f"Errors-{folder}", errors, _of_function(names.function(folder)))
        waiting = watched.dead_letters.metric_approximate_number_of_messages_visible(
            period=_PERIOD, statistic="Maximum"
        )
        self._alarm(
            "LostTicks",
            waiting,
            f"A schedule of {names.base} could not start its execution, or a function failed of an event three times. "
            f"Nothing is lost for 14 days: aws sqs receive-message --queue-url {watched.dead_letters.queue_url} "
            "--message-attribute-names All --max-number-of-messages 10 shows which and why. "
            f"What to do with each: {PAGE}#dead-letters",
        )
        self._dashboard(names, watched)

    def _alarm(self, identity: str, metric: cloudwatch.IMetric, description: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            identity,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        )
        alarm.add_alarm_action(self._action)

    def _dashboard(self, names: Names, watched: Watched) -> None:
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=names.dashboard)
        for part, machine in watched.machines.items():
            outcomes = [machine.metric_succeeded(period=_PERIOD), machine.metric_failed(period=_PERIOD)]
            dashboard.add_widgets(
                cloudwatch.GraphWidget(title=f"{part}: executions", left=outcomes, width=12),
                cloudwatch.GraphWidget(title=f"{part}: time", left=[machine.metric_time(period=_PERIOD)], width=12),
            )
        dashboard.add_widgets(
            cloudwatch.GraphWidget(
                title="Function errors",
                left=[function.metric_errors(period=_PERIOD) for function in watched.functions.values()],
                width=12,
            ),
            cloudwatch.GraphWidget(
                title="Ticks that started nothing",
                left=[watched.dead_letters.metric_approximate_number_of_messages_visible(period=_PERIOD)],
                width=12,
            ),
        )


def _of_machine(name: str, machine: sfn.StateMachine) -> str:
    return (
        f"An execution of {name} failed. Another message of this topic names data set, run and cause; or see "
        f"aws stepfunctions list-executions --state-machine-arn {machine.state_machine_arn} --status-filter FAILED "
        f"--max-items 5. What to do: {PAGE}#when-a-run-has-failed"
    )


def _of_function(name: str) -> str:
    return (
        f"{name} raised an error. A run that it was for tries again, and says so if that was in vain. Why: aws logs "
        f"tail /aws/lambda/{name} --since 1h --filter-pattern ERROR (the lines name data set and run). "
        f"What to do: {PAGE}#when-a-run-has-failed"
    )
