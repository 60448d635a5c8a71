package main

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// commit is what a release is made of, and when.
type commit struct {
	version string    // v1.2.0, or v0.0.0-YYYYMMDDHHMMSS-HASH of a commit without a tag
	at      time.Time // of the commit: no file is younger
}

// readCommit asks git. A version that is given wins over the tag.
func readCommit(root, version string) (c commit, err error) {
	git := func(args ...string) (string, error) {
		out, err := exec.Command("git", append([]string{"-C", root, "-c", "safe.directory=*"}, args...)...).Output()
		return strings.TrimSpace(string(out)), err
	}
	said, err := git("log", "-1", "--format=%ct %H")
	if err != nil {
		return c, fmt.Errorf("ask git for the commit in %s: %w", root, err)
	}
	seconds, hash, _ := strings.Cut(said, " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return c, err
	}
	c.at = time.Unix(unix, 0).UTC()
	if version == "" {
		if version, err = git("describe", "--tags", "--exact-match", "--match", "v*"); err != nil {
			// As Go names versions of commits: each is newer than those before.
			version = "v0.0.0-" + c.at.Format("20060102150405") + "-" + hash[:12]
		}
	}
	c.version = version
	return c, nil
}

// forPackages is the version as dpkg and rpm order it: 0.0.0~20261129201500.abc before 0.0.0.
func (c commit) forPackages() string {
	core, before, isBefore := strings.Cut(strings.TrimPrefix(c.version, "v"), "-")
	if !isBefore {
		return core
	}
	return core + "~" + strings.ReplaceAll(before, "-", ".")
}
