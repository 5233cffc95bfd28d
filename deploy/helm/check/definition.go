package main

import (
	"fmt"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// scaledObject has what the relations look at of KEDA's ScaledObject.
type scaledObject struct {
	Spec struct {
		ScaleTargetRef struct {
			Kind string `json:"kind"`
			Name string `json:"name"`
		} `json:"scaleTargetRef"`
	} `json:"spec"`
}

// definition is the schema of a CustomResourceDefinition, without room for fields that it does not name.
type definition struct {
	schema *jsonschema.Schema
}

func definitionOf(file string) (definition, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return definition{}, err
	}
	var crd struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(text, &crd); err != nil {
		return definition{}, err
	}
	if len(crd.Spec.Versions) != 1 {
		return definition{}, fmt.Errorf("%s defines %d versions, and one was expected", file, len(crd.Spec.Versions))
	}
	schema := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
	closed(schema)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("crd.json", schema); err != nil {
		return definition{}, err
	}
	compiled, err := compiler.Compile("crd.json")
	return definition{compiled}, err
}

// closed forbids fields that a schema does not name, wherever it names some.
func closed(schema map[string]any) {
	properties, named := schema["properties"].(map[string]any)
	if _, open := schema["additionalProperties"]; named && !open && schema["x-kubernetes-preserve-unknown-fields"] != true {
		schema["additionalProperties"] = false
	}
	for _, property := range properties {
		if inner, ok := property.(map[string]any); ok {
			closed(inner)
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if inner, ok := schema[key].(map[string]any); ok {
			closed(inner)
		}
	}
}

// unmarshal is like yaml.UnmarshalStrict, by the schema.
func (d definition) unmarshal(text []byte, object any, options ...yaml.JSONOpt) error {
	var value any
	if err := yaml.UnmarshalStrict(text, &value); err != nil {
		return err
	}
	if err := d.schema.Validate(value); err != nil {
		return err
	}
	return yaml.Unmarshal(text, object, options...)
}
