// Command check reads Kubernetes objects as YAML from standard input, as `helm template` prints them. It decodes each
// strictly into its API type: a field that the type lacks, or that is given twice, is an error. Then it looks at what
// no type says: that names which refer to each other do. It prints one line for each problem and ends with 1.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	keda "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	documents "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// typed has an empty object of each kind that the chart may make.
func typed(kind meta.TypeMeta) any {
	switch kind.APIVersion + " " + kind.Kind {
	case "v1 ConfigMap":
		return &core.ConfigMap{}
	case "v1 Secret":
		return &core.Secret{}
	case "v1 Service":
		return &core.Service{}
	case "v1 ServiceAccount":
		return &core.ServiceAccount{}
	case "apps/v1 StatefulSet":
		return &apps.StatefulSet{}
	case "policy/v1 PodDisruptionBudget":
		return &policy.PodDisruptionBudget{}
	case "networking.k8s.io/v1 NetworkPolicy":
		return &networking.NetworkPolicy{}
	case "monitoring.coreos.com/v1 ServiceMonitor":
		return &monitoring.ServiceMonitor{}
	case "keda.sh/v1alpha1 ScaledObject":
		return &keda.ScaledObject{}
	}
	return nil
}

func decode(text []byte) (any, error) {
	var kind meta.TypeMeta
	if err := yaml.Unmarshal(text, &kind); err != nil {
		return nil, err
	}
	object := typed(kind)
	if object == nil {
		return nil, fmt.Errorf("%s %s is of no kind that this chart makes", kind.APIVersion, kind.Kind)
	}
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		return nil, fmt.Errorf("%s: %w", kind.Kind, err)
	}
	return object, nil
}

func read(input io.Reader) (objects []any, problems []string) {
	reader := documents.NewYAMLReader(newBuffered(input))
	for {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects, problems
		}
		if err != nil {
			return objects, append(problems, err.Error())
		}
		if isEmpty(text) {
			continue
		}
		object, err := decode(text)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		objects = append(objects, object)
	}
}

// isEmpty says whether a document has nothing but comments.
func isEmpty(text []byte) bool {
	for _, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && !bytes.Equal(line, []byte("---")) {
			return false
		}
	}
	return true
}

func main() {
	objects, problems := read(os.Stdin)
	problems = append(problems, relations(objects)...)
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 || len(objects) == 0 {
		os.Exit(1)
	}
	fmt.Printf("%d objects decode strictly and fit together\n", len(objects))
}
