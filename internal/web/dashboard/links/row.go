package links

import (
	"strings"

	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// linkRowView is a link in the list.
type linkRowView struct {
	ID                          string
	Name, Path, URL, Href       string
	TypeIcon, TypeLabel, Amount string
	Tags                        []tag.Tag
	MoreTags, MoreTagNames      string
	Views, Payments, Conversion string
	Revenue                     string
	Days                        []int64
	Limit                       ui.BadgeProps
	Active                      bool          // payers can open and pay it
	Overdue                     bool          // it should have been paid by now
	Uncharged                   string        // why they can't pay it all the same
	Dates                       ui.BadgeProps // of a link that is outside of its dates
	Menu                        linkMenuView
	MayDelete                   bool
	Delete                      deleteView
}

// live is the id of a cell that follows what happens.
func (row linkRowView) live(cell string) string { return "live-" + cell + "-" + row.ID }

// linkMenuView is "…" of a link.
type linkMenuView struct {
	ID, Name, URL, Href string
	Back                string // where acts lead back to, "" for the page of the link
	Active, MayDelete   bool
}

// deleteView is the question before a link is deleted.
type deleteView struct {
	ID, Name, Href, Text string
	Active               bool
}

// linkRowOf is a row of the list whose address is back.
func linkRowOf(scope *frame.Scope, back string, l link.Link, c visit.Counts, days []int64) linkRowView {
	if days == nil {
		days = make([]int64, sparkDays)
	}
	row := linkRowView{
		ID: string(l.ID), Name: l.Name, Path: l.Path, URL: scope.LinkURL(l), Href: frame.LinkHref(scope, l.ID),
		TypeIcon: typeIcon(l.Type), TypeLabel: typeLabel(scope.Reader, l.Type), Amount: scope.Money(l.Price()),
		Views: scope.Number(c.Views), Payments: scope.Number(c.Payments), Conversion: scope.Conversion(c.Payments-c.ByHand, c.Views),
		Revenue: scope.Money(money.Amount{Minor: c.Revenue, Currency: l.Currency}), Days: days,
		Limit: limitUse(scope.Reader, l), Active: l.Active, Menu: linkMenuOf(scope, l), MayDelete: scope.MayManage(), Delete: deleteViewOf(scope, l, c),
	}
	if state := l.State(scope.Now); state == link.Early || state == link.Ended {
		row.Dates = frame.StatusBadge(scope.Reader, l, scope.Now)
	}
	row.Menu.Back = back
	row.Tags = l.Tags
	row.Tags, row.MoreTags, row.MoreTagNames = frame.FirstTags(scope.Reader, l.Tags)
	return row
}

func linkMenuOf(scope *frame.Scope, l link.Link) linkMenuView {
	return linkMenuView{ID: string(l.ID), Name: l.Name, URL: scope.LinkURL(l), Href: frame.LinkHref(scope, l.ID), Active: l.Active, MayDelete: scope.MayManage()}
}

// menuKind is quiet in a list and framed beside other buttons.
func menuKind(framed bool) ui.Kind {
	if framed {
		return ui.Secondary
	}
	return ui.Quiet
}

func deleteViewOf(scope *frame.Scope, l link.Link, c visit.Counts) deleteView {
	return deleteView{ID: string(l.ID), Name: l.Name, Href: frame.LinkHref(scope, l.ID), Active: l.Active, Text: whatIsLost(scope.Reader, l, c)}
}

// whatIsLost says what deleting a link takes and what it leaves.
func whatIsLost(reader frame.Reader, l link.Link, c visit.Counts) string {
	said := []string{reader.T("Its address stops working right away.")}
	if c.Views > 0 {
		said = append(said, reader.N(c.Views, "What is known of its {{.Count}} view is deleted.", "What is known of its {{.Count}} views is deleted."))
	}
	if c.Payments > 0 {
		said = append(said, reader.N(c.Payments, "Its {{.Count}} payment stays in your records.", "Its {{.Count}} payments stay in your records."))
	}
	if l.Active {
		said = append(said, reader.T("To stop payments for now, pause the link instead."))
	}
	return strings.Join(said, " ")
}

func typeIcon(t link.Type) string {
	if t == link.Product {
		return "package"
	}
	return "banknote"
}

func typeLabel(reader frame.Reader, t link.Type) string {
	if t == link.Product {
		return reader.T("Product")
	}
	return reader.T("Amount")
}

// limitUse is the badge "5 / 20", empty without a limit.
func limitUse(reader frame.Reader, l link.Link) ui.BadgeProps {
	if l.Limit.Kind == link.Unlimited {
		return ui.BadgeProps{}
	}
	b := ui.BadgeProps{Label: reader.Number(l.Counted().Used) + " / " + reader.Number(l.Limit.Max), Tone: limitTone(l.Badge()), Figures: true}
	if l.Badge() == link.Red {
		b.Icon = "ban"
	}
	return b
}

func limitTone(b link.Badge) ui.Tone {
	switch b {
	case link.Red:
		return ui.Red
	case link.Orange:
		return ui.Orange
	}
	return ui.Green
}
