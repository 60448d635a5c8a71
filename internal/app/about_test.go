package app

import (
	"bytes"
	"os"

	"smartlinks/internal/version"

	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// say is what a command that needs no data says.
func say(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	var said, complaint bytes.Buffer
	status = Main(args, strings.NewReader(""), &said, &complaint)
	return status, said.String() + complaint.String()
}

func TestHelpAndVersionAreFoundByEveryHabit(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"-h"}, {"help"}} {
		status, out := say(t, args...)
		for _, want := range []string{"Start:\n", "Look after it:\n", "token create", "About:\n"} {
			if status != exitDone || !strings.Contains(out, want) {
				t.Errorf("%v leaves with %d and lacks %q:\n%s", args, status, want, out)
			}
		}
	}
	for _, args := range [][]string{{"serve", "--help"}, {"help", "serve"}, {"help", "token", "create"}} {
		if status, out := say(t, args...); status != exitDone || !strings.Contains(out, "Where things are kept:") {
			t.Errorf("%v leaves with %d:\n%s", args, status, out)
		}
	}
	if status, out := say(t, "help", "nothing"); status != exitUsage || strings.Count(out, "\n") != 1 {
		t.Errorf("help of no command leaves with %d: %s", status, out)
	}
	for _, args := range [][]string{{"--version"}, {"version"}, {"serve", "--version"}} {
		if status, out := say(t, args...); status != exitDone || out != "smartlinks "+version.Name()+"\n" {
			t.Errorf("%v leaves with %d: %s", args, status, out)
		}
	}
}

func TestTheManualHasEveryCommandAndFlag(t *testing.T) {
	_, page := say(t, "man")
	plain := strings.ReplaceAll(page, `\-`, "-")
	for command, flags := range commandLine(t) {
		if !strings.Contains(plain, `\fBsmartlinks `+command+`\fR`) {
			t.Errorf("it lacks %s", command)
		}
		for _, flag := range flags {
			if !strings.Contains(plain, `\fB--`+flag.Name+`\fR`) {
				t.Errorf("it lacks --%s of %s", flag.Name, command)
			}
		}
	}
	reader, err := osexec.LookPath("man")
	if err != nil {
		return
	}
	c := osexec.Command(reader, "--warnings", "-l", "-")
	c.Stdin = strings.NewReader(page)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	if err := c.Run(); err != nil || complaint.Len() > 0 {
		t.Errorf("man reads it with %v: %s", err, &complaint)
	}
}

// Shells are asked what they would offer; those that aren't here are left out.
func TestShellsCompleteWhatIsTyped(t *testing.T) {
	_, script := say(t, "completion", "bash")
	for typed, want := range map[string]string{
		"smartlinks tok": "token", "smartlinks token ": "create --config --help", "smartlinks serve --acme-d": "--acme-directory",
		"smartlinks serve --log-level d": "debug", "smartlinks completion z": "zsh",
	} {
		ask := script + `
typed=$1; COMP_WORDS=($typed); [[ $typed = *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _smartlinks; echo "${COMPREPLY[*]}"`
		out, err := osexec.Command("bash", "-c", ask, "bash", typed).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("behind %q bash offers %q, want %q, %v", typed, out, want, err)
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		_, script := say(t, "completion", shell)
		if !strings.Contains(script, "reset-password") || !strings.Contains(script, "acme-directory") {
			t.Errorf("what %s reads is not whole", shell)
		}
		path, err := osexec.LookPath(shell)
		if err != nil {
			continue
		}
		file := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := osexec.Command(path, "-n", file).CombinedOutput(); err != nil {
			t.Errorf("%s can't read it: %v\n%s", shell, err, out)
		}
	}
}
