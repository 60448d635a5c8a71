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
	var elsewhere []*ast.Link
	if err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				g.placeHeading(n, source)
			}
		case *ast.Link:
			if entering && !placeLink(n) {
				elsewhere = append(elsewhere, n)
			}
		}
		return ast.WalkContinue, nil
	}); err != nil {
		return g, err
	}
	// Not during the walk, which would lose its way.
	for _, link := range elsewhere {
		unlink(link)
	}
	var out bytes.Buffer
	err = m.Renderer().Render(&out, source, tree)
	g.HTML = out.String()
	return g, err
}

// placeHeading fits a heading into the page: it stands one level deeper, and its
// name is apart from those of other guides.
func (g *guide) placeHeading(n *ast.Heading, source []byte) {
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
}

// placeLink leads to another guide on the same page. It is false where the link
// leads to a document that the page does not show.
func placeLink(n *ast.Link) bool {
	document, heading, _ := strings.Cut(string(n.Destination), "#")
	if strings.Contains(document, ":") || !strings.HasSuffix(document, ".md") {
		return true
	}
	id, shown := map[string]string{"api.md": "guide", "webhooks.md": "webhooks", "payrequest.md": "from-payrequest"}[document]
	if !shown {
		return false
	}
	if heading != "" {
		id += "-" + heading
	}
	n.Destination = []byte("#" + id)
	return true
}

// unlink leaves a link's words in its place.
func unlink(n *ast.Link) {
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, c)
	}
	n.Parent().RemoveChild(n.Parent(), n)
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
