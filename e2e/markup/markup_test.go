package markup_test

import (
	"strings"
	"testing"

	"smartlinks/e2e/markup"
)

func TestCheckMarkupFindsMistakes(t *testing.T) {
	t.Parallel()
	const whole = `<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><main>%</main></body></html>`
	for inner, want := range map[string]string{
		`<p id="a">x</p><label for="b">L</label><input id="b">`: "",
		`<div><p>x</div>`:                    "</div> closes <p>",
		`<p><div>x</div></p>`:                "<div> stands in <p>",
		`<span><ul><li>x</li></ul></span>`:   "<ul> stands in <span>",
		`<a href="/"><button>x</button></a>`: "<button> stands in <a>",
		`<form><form></form></form>`:         "<form> stands in <form>",
		`<ul><div>x</div></ul>`:              "<div> is no child of <ul>",
		`<div><li>x</li></div>`:              "<li> is no child of <div>",
		`<table><tr><td>x</td></tr></table>`: "<tr> is no child of <table>",
		`<p id="a">x</p><p id="a">y</p>`:     `id "a" is there twice`,
		`<label for="none">L</label>`:        `for names "none"`,
		`<p aria-describedby="a none">x</p>`: `aria-describedby names "none"`,
		`<img src="/x.png">`:                 "<img> has no alt",
		`<td align="right">x</td>`:           "align is obsolete",
		`<p style="color:red">x</p>`:         "style has no place",
		`<center>x</center>`:                 "<center> is obsolete",
		`<button>x</button>`:                 "<button> has no type",
		`<p>x</p></section>`:                 "</section> closes <main>",
	} {
		found := strings.Join(markup.Check(strings.Replace(whole, "%", inner, 1)), "; ")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q", inner, found, want)
		}
	}
}
