// Command check reads Kubernetes objects as YAML from standard input, as `helm template` prints them. It decodes each
// strictly into its API type: a field that the type lacks, or that is given twice, is an error. Then it looks at what
// no type says: that names which refer to each other do. It prints one line for each problem and ends with 1.
//
//	check CRD.yaml < objects
//
// CRD.yaml is KEDA's definition of ScaledObject: its Go type would bring all of Kubernetes' client with it.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

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
		return &scaledObject{}
	}
	return nil
}

func decode(text []byte, scaled definition) (any, error) {
	var kind meta.TypeMeta
	if err := yaml.Unmarshal(text, &kind); err != nil {
		return nil, err
	}
	object := typed(kind)
	if object == nil {
		return nil, fmt.Errorf("%s %s is of no kind that this chart makes", kind.APIVersion, kind.Kind)
	}
	unmarshal := yaml.UnmarshalStrict
	if _, custom := object.(*scaledObject); custom {
		unmarshal = scaled.unmarshal
	}
	if err := unmarshal(text, object); err != nil {
		return nil, fmt.Errorf("%s: %w", kind.Kind, err)
	}
	return object, nil
}

func read(input io.Reader, scaled definition) (objects []any, problems []string) {
	reader := documents.NewYAMLReader(bufio.NewReader(input))
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
		object, err := decode(text, scaled)
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
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: check CRD.yaml < objects")
		os.Exit(2)
	}
	scaled, err := definitionOf(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	objects, problems := read(os.Stdin, scaled)
	problems = append(problems, relations(objects)...)
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 || len(objects) == 0 {
		os.Exit(1)
	}
	fmt.Printf("%d objects decode strictly and fit together\n", len(objects))
}
