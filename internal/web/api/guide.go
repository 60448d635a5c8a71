package api

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"smartlinks/docs"
	"smartlinks/internal/address"
)

// guide is a page of docs/ as the server shows it.
type guide struct {
	ID, Title string
	Chapters  []chapter
	HTML      string
}

// Short is the title for the contents: what stands before a colon.
func (g guide) Short() string {
	short, _, _ := strings.Cut(g.Title, ":")
	return short
}

// chapter is a heading that the page's contents lead to.
type chapter struct{ ID, Title string }

// guides are the pages that a developer needs. Their examples lead to this server.
func guides(addresses address.Book) ([]guide, error) {
	var all []guide
	for _, page := range []struct{ id, text string }{{"guide", docs.API}, {"webhooks", docs.Webhooks}, {"from-payrequest", docs.PayRequest}} {
		g, err := newGuide(page.id, strings.ReplaceAll(page.text, "https://pay.example.com", addresses.Origin()))
		if err != nil {
			return nil, fmt.Errorf("api: show the guide %s: %w", page.id, err)
		}
		all = append(all, g)
	}
	return all, nil
}

// newGuide renders Markdown (CommonMark, with tables). The text is ours, not a
// merchant's.
func newGuide(id, markdown string) (g guide, err error) {
	source := []byte(markdown)
	m := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(codeBlocks{}, 1))),
	)
	tree := m.Parser().Parse(text.NewReader(source))
	g.ID = id
	if err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			g.place(n, source)
		}
		return ast.WalkContinue, nil
	}); err != nil {
		return g, err
	}
	var out bytes.Buffer
	err = m.Renderer().Render(&out, source, tree)
	g.HTML = out.String()
	return g, err
}

// place fits a part of the guide into the page: headings stand one level deeper
// and keep their names apart, and what another guide tells is on the same page.
func (g *guide) place(n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Heading:
		words := wordsOf(n, source)
		n.SetAttributeString("id", []byte(g.ID))
		if n.Level == 1 {
			g.Title = words
		} else {
			id := g.ID + "-" + slug(words)
			n.SetAttributeString("id", []byte(id))
			g.Chapters = append(g.Chapters, chapter{id, words})
		}
		n.Level++
	case *ast.Link:
		switch page, _, _ := strings.Cut(string(n.Destination), "#"); {
		case page == "webhooks.md":
			n.Destination = []byte("#webhooks")
		case page == "payrequest.md":
			n.Destination = []byte("#from-payrequest")
		case page == "api.md":
			n.Destination = []byte("#guide")
		}
	}
}

// wordsOf is the text of a heading, without its marks.
func wordsOf(n ast.Node, source []byte) string {
	var words strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			words.Write(t.Segment.Value(source))
			continue
		}
		words.WriteString(wordsOf(c, source))
	}
	return words.String()
}

// slug is a name for an address within the page.
func slug(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(c rune) bool { return !('a' <= c && c <= 'z' || '0' <= c && c <= '9') }), "-")
}

// codeBlocks draws code as the rest of the page does.
type codeBlocks struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (codeBlocks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		var code strings.Builder
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			code.Write(line.Value(source))
		}
		return ast.WalkSkipChildren, codeBlock(strings.TrimSuffix(code.String(), "\n")).Render(context.Background(), w)
	})
}
