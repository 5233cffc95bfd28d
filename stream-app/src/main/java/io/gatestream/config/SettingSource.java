package io.gatestream.config;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One of the places that settings come from.
 *
 * @param values by the names of settings
 * @param spelling says where the setting of a name was given, for messages
 * @param shared whether names of others may lie there: only those that look misspelt are refused
 */
record SettingSource(Map<String, String> values, UnaryOperator<String> spelling, boolean shared) {
  SettingSource {
    values = Map.copyOf(values);
  }
}
