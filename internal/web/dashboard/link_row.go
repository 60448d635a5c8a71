package dashboard

import (
	"strings"

	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// rowTags is how many tags a row shows before it counts the others.
const rowTags = 2

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
	Active                      bool   // payers can open and pay it
	Uncharged                   string // why they can't pay it all the same
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
func linkRowOf(at *room, back string, l link.Link, c visit.Counts, days []int64) linkRowView {
	if days == nil {
		days = make([]int64, sparkDays)
	}
	row := linkRowView{
		ID: string(l.ID), Name: l.Name, Path: l.Path, URL: at.url(l.Path), Href: linkHref(at, l.ID),
		TypeIcon: typeIcon(l.Type), TypeLabel: typeLabel(l.Type), Amount: asMoney(l.Price()),
		Views: count(c.Views), Payments: count(c.Payments), Conversion: conversion(c.Payments, c.Views),
		Revenue: asMoney(money.Amount{Minor: c.Revenue, Currency: l.Currency}), Days: days,
		Limit: limitUse(l), Active: l.Active, Menu: linkMenuOf(at, l), MayDelete: at.mayManage(), Delete: deleteViewOf(at, l, c),
	}
	row.Menu.Back = back
	row.Tags = l.Tags
	row.Tags, row.MoreTags, row.MoreTagNames = fewTags(l.Tags)
	return row
}

// fewTags are the first tags of many, and how many more there are, with their names.
func fewTags(all []tag.Tag) (few []tag.Tag, more, names string) {
	if len(all) <= rowTags {
		return all, "", ""
	}
	var rest []string
	for _, t := range all[rowTags:] {
		rest = append(rest, t.Name)
	}
	return all[:rowTags], "+" + count(int64(len(rest))), strings.Join(rest, ", ")
}

func linkHref(at *room, id link.ID) string { return at.Base + "/links/" + string(id) }

func linkMenuOf(at *room, l link.Link) linkMenuView {
	return linkMenuView{ID: string(l.ID), Name: l.Name, URL: at.url(l.Path), Href: linkHref(at, l.ID), Active: l.Active, MayDelete: at.mayManage()}
}

// menuKind is quiet in a list and framed beside other buttons.
func menuKind(framed bool) ui.Kind {
	if framed {
		return ui.Secondary
	}
	return ui.Quiet
}

func deleteViewOf(at *room, l link.Link, c visit.Counts) deleteView {
	return deleteView{ID: string(l.ID), Name: l.Name, Href: linkHref(at, l.ID), Active: l.Active, Text: whatIsLost(l, c)}
}

// whatIsLost says what deleting a link takes and what it leaves.
func whatIsLost(l link.Link, c visit.Counts) string {
	text := "Its address stops working right away"
	if c.Views > 0 {
		text += ", and what is known of its " + counted(c.Views, "view", "views") + " is deleted"
	}
	text += "."
	switch {
	case c.Payments == 1:
		text += " Its payment stays in your records."
	case c.Payments > 1:
		text += " Its " + count(c.Payments) + " payments stay in your records."
	}
	if l.Active {
		text += " To stop payments for now, pause the link instead."
	}
	return text
}

func typeIcon(t link.Type) string {
	if t == link.Product {
		return "package"
	}
	return "banknote"
}

func typeLabel(t link.Type) string {
	if t == link.Product {
		return "Product"
	}
	return "Amount"
}

// limitUse is the badge "5 / 20", empty without a limit.
func limitUse(l link.Link) ui.BadgeProps {
	if l.Limit.Kind == link.Unlimited {
		return ui.BadgeProps{}
	}
	b := ui.BadgeProps{Label: count(l.Slots.Used) + " / " + count(l.Limit.Max), Tone: limitTone(l.Badge())}
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
