//! A rule, or the default of a listener: read, and told to divide otherwise.

use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum as Type};

use super::{Elb, Forward, RouteArn, once};
use crate::failure::{Call, Failure, Kind, failed};

/// A rule as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its name.
    pub arn: RouteArn,
    /// How it divides requests.
    pub forward: Forward,
    /// Everything that it does, to be sent again with a change.
    actions: Vec<Action>,
}

impl Elb {
    /// The rule, as it is now.
    pub async fn route(&self, arn: &RouteArn) -> Result<Route, Failure> {
        let (call, actions) =
            if arn.is_listener() { self.defaults(arn).await? } else { self.rule(arn).await? };
        let forward = forward(&actions).ok_or_else(|| {
            let said = "it forwards to no target group: point it at the group of one service";
            Failure::told(call, Kind::Refused, None, Some(said.into()))
        })?;
        Ok(Route { arn: arn.clone(), forward, actions })
    }

    async fn rule(&self, arn: &RouteArn) -> Result<(Call, Vec<Action>), Failure> {
        let call = read(arn);
        let asked = self.client.describe_rules().rule_arns(arn.as_str());
        let answer = asked.send().await.map_err(|error| failed(call.clone(), error))?;
        let rule = answer.rules().iter().find(|rule| rule.rule_arn() == Some(arn.as_str()));
        match rule {
            Some(rule) if rule.is_default() == Some(true) => {
                let said =
                    "it is the default rule of its listener: give the listener's ARN instead";
                Err(Failure::told(call, Kind::Refused, None, Some(said.into())))
            }
            Some(rule) => Ok((call, rule.actions().to_vec())),
            None => Err(Failure::told(call, Kind::Missing, None, None)),
        }
    }

    async fn defaults(&self, arn: &RouteArn) -> Result<(Call, Vec<Action>), Failure> {
        let call = read(arn);
        let asked = self.client.describe_listeners().listener_arns(arn.as_str());
        let answer = asked.send().await.map_err(|error| failed(call.clone(), error))?;
        let mut listeners = answer.listeners().iter();
        match listeners.find(|listener| listener.listener_arn() == Some(arn.as_str())) {
            Some(listener) => Ok((call, listener.default_actions().to_vec())),
            None => Err(Failure::told(call, Kind::Missing, None, None)),
        }
    }

    /// Has the rule divide requests like this. What else it does stays as it was read.
    pub async fn divide(&self, route: &Route, forward: &Forward) -> Result<(), Failure> {
        let (call, arn) = (write(&route.arn), route.arn.as_str());
        let Some(actions) = changed(route, forward) else {
            let said = "it has an action that this version of Pilotage does not know, and would lose \
                        it: use a newer one";
            return Err(Failure::told(call, Kind::Refused, None, Some(said.into())));
        };
        if route.arn.is_listener() {
            let asked = self.client.modify_listener().listener_arn(arn);
            let asked = asked.set_default_actions(Some(actions));
            let sent = asked.customize().config_override(once()).send().await;
            return sent.map(|_| ()).map_err(|error| failed(call, error));
        }
        let asked = self.client.modify_rule().rule_arn(arn).set_actions(Some(actions));
        let sent = asked.customize().config_override(once()).send().await;
        sent.map(|_| ()).map_err(|error| failed(call, error))
    }
}

fn read(arn: &RouteArn) -> Call {
    let of_listener = "elasticloadbalancing:DescribeListeners";
    let action = if arn.is_listener() { of_listener } else { "elasticloadbalancing:DescribeRules" };
    Call::new(action, format!("`{arn}`"))
}

fn write(arn: &RouteArn) -> Call {
    let of_listener = "elasticloadbalancing:ModifyListener";
    let action = if arn.is_listener() { of_listener } else { "elasticloadbalancing:ModifyRule" };
    Call::new(action, format!("`{arn}`"))
}

/// How the last of the actions divides requests; a rule has one that forwards at most.
fn forward(actions: &[Action]) -> Option<Forward> {
    let action = actions.iter().find(|action| action.r#type() == Some(&Type::Forward))?;
    match action.forward_config().filter(|config| !config.target_groups().is_empty()) {
        Some(config) => Some(Forward::told(config)),
        None => action.target_group_arn().map(Forward::whole),
    }
}

/// The actions with another division; none if one of them would be sent back empty.
fn changed(route: &Route, forward: &Forward) -> Option<Vec<Action>> {
    let is_known = |action: &Action| {
        action.r#type().is_some_and(|kind| Type::values().contains(&kind.as_str()))
    };
    let change = |action: &Action| is_known(action).then(|| with(action.clone(), forward));
    route.actions.iter().map(change).collect()
}

fn with(mut action: Action, forward: &Forward) -> Action {
    if action.r#type == Some(Type::Forward) {
        action.forward_config = Some(forward.config(action.forward_config.as_ref()));
        // Said beside weights, it may name one group only.
        action.target_group_arn = None;
    }
    // The secret is not told, so it cannot be said again.
    if let Some(oidc) = &mut action.authenticate_oidc_config {
        oidc.use_existing_client_secret = Some(true);
    }
    action
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::{
        AuthenticateOidcActionConfig, ForwardActionConfig, TargetGroupStickinessConfig,
    };

    use super::*;

    fn route(actions: Vec<Action>) -> Route {
        let arn = "arn:aws:elasticloadbalancing:x:1:listener-rule/app/web/1/2/3";
        let forward = forward(&actions).expect("it forwards");
        Route { arn: arn.parse().expect("an ARN"), forward, actions }
    }

    #[test]
    fn a_rule_without_weights_gives_all_to_its_group() {
        let plain = Action::builder().r#type(Type::Forward).target_group_arn("blue").build();
        let route = route(vec![plain]);
        assert_eq!((route.forward.weight("blue"), route.forward.weight("green")), (Some(1), None));
        let sent = changed(&route, &route.forward.clone().with("green", 0)).expect("known");
        assert_eq!(sent[0].target_group_arn(), None);
        let config = sent[0].forward_config().expect("weights");
        assert_eq!(Forward::told(config).weight("green"), Some(0));
    }

    #[test]
    fn what_is_not_changed_is_sent_again() {
        let sticky = TargetGroupStickinessConfig::builder().enabled(true).duration_seconds(600);
        let config = ForwardActionConfig::builder().target_group_stickiness_config(sticky.build());
        let config = Forward::whole("blue").config(Some(&config.build()));
        let login = AuthenticateOidcActionConfig::builder().issuer("https://login.example.org");
        let login = login.client_id("web").build();
        let actions = vec![
            Action::builder()
                .r#type(Type::AuthenticateOidc)
                .order(1)
                .authenticate_oidc_config(login.clone())
                .build(),
            Action::builder().r#type(Type::Forward).order(2).forward_config(config).build(),
        ];
        let route = route(actions);
        assert_eq!(route.forward.sticky, Some(600));
        let sent = changed(&route, &route.forward.clone().with("blue", 9)).expect("known");
        let told = Forward::told(sent[1].forward_config().expect("weights"));
        assert_eq!((told.sticky, told.weight("blue")), (Some(600), Some(9)));
        let again = sent[0].authenticate_oidc_config().expect("it stays");
        assert_eq!(
            (again.issuer(), again.use_existing_client_secret()),
            (login.issuer(), Some(true))
        );
    }

    #[test]
    fn an_action_that_nobody_knows_is_not_sent_back_empty() {
        let novel = Action::builder().r#type(Type::from("ask-an-oracle")).build();
        let plain = Action::builder().r#type(Type::Forward).target_group_arn("blue").build();
        let route = route(vec![novel, plain]);
        assert_eq!(changed(&route, &route.forward), None);
    }
}
