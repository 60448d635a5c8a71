// Package version names what runs.
package version

import (
	"runtime/debug"
)

// version is set by the linker for releases.
var version = ""

// Name names what runs: the release, else the commit that was built.
func Name() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "development " + s.Value[:min(12, len(s.Value))]
		}
	}
	return "development"
}
