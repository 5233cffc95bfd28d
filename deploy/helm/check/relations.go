package main

import (
	"fmt"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const user = 10001

// relations names what refers to something that is not there, and pods that have more rights than they need.
func relations(objects []any) (problems []string) {
	say := func(format string, values ...any) { problems = append(problems, fmt.Sprintf(format, values...)) }
	var set *apps.StatefulSet
	configs := map[string]*core.ConfigMap{}
	services := map[string]*core.Service{}
	for _, object := range objects {
		switch o := object.(type) {
		case *apps.StatefulSet:
			set = o
		case *core.ConfigMap:
			configs[o.Name] = o
		case *core.Service:
			services[o.Name] = o
		}
	}
	if set == nil {
		return append(problems, "there is no StatefulSet")
	}
	pod := set.Spec.Template
	selects := func(what string, selector map[string]string, labels map[string]string) {
		if len(selector) == 0 {
			say("%s selects everything", what)
		}
		for key, value := range selector {
			if labels[key] != value {
				say("%s selects %s=%s, and it is %q there", what, key, value, labels[key])
			}
		}
	}
	of := func(selector *meta.LabelSelector) map[string]string {
		if selector == nil {
			return nil
		}
		return selector.MatchLabels
	}
	selects("StatefulSet", of(set.Spec.Selector), pod.Labels)
	if services[set.Spec.ServiceName] == nil {
		say("StatefulSet: there is no Service %q", set.Spec.ServiceName)
	}
	ports := podProblems(set, configs, say)
	for _, object := range objects {
		switch o := object.(type) {
		case *core.Service:
			selects("Service", o.Spec.Selector, pod.Labels)
			for _, port := range o.Spec.Ports {
				if !ports[port.TargetPort.String()] {
					say("Service: no container has a port %s", port.TargetPort.String())
				}
			}
		case *policy.PodDisruptionBudget:
			selects("PodDisruptionBudget", of(o.Spec.Selector), pod.Labels)
		case *networking.NetworkPolicy:
			selects("NetworkPolicy", o.Spec.PodSelector.MatchLabels, pod.Labels)
			for _, rule := range o.Spec.Ingress {
				for _, port := range rule.Ports {
					if !ports[port.Port.String()] {
						say("NetworkPolicy: no container has a port %s", port.Port.String())
					}
				}
			}
		case *monitoring.ServiceMonitor:
			service := services[set.Spec.ServiceName]
			if service == nil {
				continue
			}
			selects("ServiceMonitor", o.Spec.Selector.MatchLabels, service.Labels)
			for _, endpoint := range o.Spec.Endpoints {
				found := false
				for _, port := range service.Spec.Ports {
					found = found || port.Name == endpoint.Port
				}
				if !found {
					say("ServiceMonitor: the Service has no port %q", endpoint.Port)
				}
			}
		case *scaledObject:
			target := o.Spec.ScaleTargetRef
			if target.Name != set.Name || target.Kind != "StatefulSet" {
				say("ScaledObject scales %s %s, and there is StatefulSet %s", target.Kind, target.Name, set.Name)
			}
			if set.Spec.Replicas != nil {
				say("StatefulSet has replicas, which each upgrade would set again beside KEDA")
			}
		}
	}
	return problems
}

// podProblems looks at the pods and has the names of their ports.
func podProblems(set *apps.StatefulSet, configs map[string]*core.ConfigMap, say func(string, ...any)) map[string]bool {
	pod := set.Spec.Template.Spec
	volumes := map[string]bool{}
	for _, volume := range pod.Volumes {
		volumes[volume.Name] = true
	}
	for _, claim := range set.Spec.VolumeClaimTemplates {
		volumes[claim.Name] = true
	}
	if c := pod.SecurityContext; c == nil || c.RunAsUser == nil || *c.RunAsUser != user || c.RunAsNonRoot == nil || !*c.RunAsNonRoot {
		say("the pod does not run as user %d", user)
	}
	if pod.EnableServiceLinks == nil || *pod.EnableServiceLinks {
		say("variables of Services would be taken for settings: enableServiceLinks must be false")
	}
	ports := map[string]bool{}
	writable := map[string]bool{}
	for _, container := range append(append([]core.Container{}, pod.InitContainers...), pod.Containers...) {
		c := container.SecurityContext
		if c == nil || c.ReadOnlyRootFilesystem == nil || !*c.ReadOnlyRootFilesystem ||
			c.AllowPrivilegeEscalation == nil || *c.AllowPrivilegeEscalation || c.Capabilities == nil || len(c.Capabilities.Drop) == 0 {
			say("container %s has more rights than it needs", container.Name)
		}
		for _, port := range container.Ports {
			ports[port.Name] = true
		}
		for _, mount := range container.VolumeMounts {
			if !volumes[mount.Name] {
				say("container %s mounts %s, which is no volume", container.Name, mount.Name)
			}
			writable[container.Name+" "+mount.MountPath] = !mount.ReadOnly
		}
		for _, from := range container.EnvFrom {
			if from.ConfigMapRef == nil || configs[from.ConfigMapRef.Name] == nil {
				say("container %s takes variables from a ConfigMap that is not there", container.Name)
			}
		}
	}
	for _, folder := range []string{"/tmp", "/var/lib/gatestream"} {
		if !writable["gatestream "+folder] {
			say("container gatestream cannot write %s", folder)
		}
	}
	for _, container := range pod.Containers {
		for _, probe := range []*core.Probe{container.StartupProbe, container.LivenessProbe, container.ReadinessProbe} {
			if probe == nil || probe.HTTPGet == nil || !ports[probe.HTTPGet.Port.String()] {
				say("container %s lacks a probe of a port that is there", container.Name)
			}
		}
	}
	return ports
}
