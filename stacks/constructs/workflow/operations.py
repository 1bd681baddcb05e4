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
            self._alarm(f"{part.capitalize()}Failed", failed, f"An execution of {names.machine(part)} failed")
        for folder, function in watched.functions.items():
            errors = function.metric_errors(period=_PERIOD)
            self._alarm(f"Errors-{folder}", errors, f"{names.function(folder)} raised an error")
        waiting = watched.dead_letters.metric_approximate_number_of_messages_visible(
            period=_PERIOD, statistic="Maximum"
        )
        self._alarm(
            "LostTicks",
            waiting,
            f"A schedule of {names.base} could not start its execution, or an event did not reach its function",
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
