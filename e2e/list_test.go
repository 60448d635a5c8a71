package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The list and the overview look the same on both databases, so one is enough.
func TestTheListIsNarrowedSortedAndChangedByMany(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	for _, name := range []string{"Alpha", "Beta", "Gamma"} {
		s.createLink(t, fmt.Sprintf(`{"name": %q, %s, "tags": ["Event"]}`, name, fortyNine))
	}
	tab := newBrowser(t)
	signIn(t, s, tab)
	for name, size := range map[string]step{"desk": screen(1440, 900), "phone": screen(390, 844)} {
		t.Run(name, func(t *testing.T) {
			do(t, tab, "find one by its name", size, chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links"),
				until(`document.readyState == "complete" && document.querySelectorAll("tbody tr").length == 3`),
				chromedp.SendKeys(chromedp.CSS("#q"), "bet"),
				until(`location.search.includes("q=bet") && document.querySelectorAll("tbody tr").length == 1 && document.activeElement.id == "q"`),
			)
			do(t, tab, "find none, and clear the filters", chromedp.SendKeys(chromedp.CSS("#q"), "zz"), bodyHas("No links found"),
				clicking(`[...document.querySelectorAll(".empty a")].find(a => a.textContent.includes("Clear filters"))`),
				until(`document.querySelectorAll("tbody tr").length == 3`),
			)
			do(t, tab, "tick two by keyboard and pause them",
				clicking(`document.querySelector("#q")`),
				ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll("tbody input[name=link]")[0].focus()`)),
				chromedp.KeyEvent(" "),
				ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll("tbody input[name=link]")[2].focus()`)),
				chromedp.KeyEvent(" "),
				until(`getComputedStyle(document.querySelector("#bulk")).display == "flex" && document.querySelectorAll("tbody input[name=link]:checked").length == 2`),
				until(`document.querySelector("#bulk").getBoundingClientRect().bottom <= innerHeight && document.querySelector("#bulk").offsetHeight < 80`),
				ignoring(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("[popovertarget=bulk-more]")].find((b) => b.checkVisibility())?.click()`)),
				ignoring(chromedp.Evaluate[chromedp.Void](`void [...document.querySelectorAll("#bulk button[value=deactivate]")].find((b) => b.checkVisibility()).focus()`)),
				chromedp.KeyEvent(kb.Enter),
				bodyHas("2 links paused"), until(`document.querySelectorAll("tr.row-off").length == 2`),
			)
			do(t, tab, "undo it", clicking(`document.querySelector(".toast-action")`), bodyHas("2 links active now"), until(`!document.querySelector("tr.row-off")`))
		})
	}
}

func TestMenusAndFiltersOfTheListNeedNoMouse(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	l := s.createLink(t, `{"name": "Alpha", `+fortyNine+`, "tags": ["Event"]}`)
	s.createLink(t, `{"name": "Beta", `+fortyNine+`}`)
	tab := newBrowser(t)
	signIn(t, s, tab)
	do(t, tab, "open the menu of a link", chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links"), until(`document.readyState == "complete"`),
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[popovertarget="menu-`+l.ID+`"]').focus()`)),
		chromedp.KeyEvent(kb.Enter),
		until(`document.activeElement.textContent.includes("Open page")`),
		chromedp.KeyEvent(kb.End), until(`document.activeElement.textContent.includes("Delete")`),
		until(`getComputedStyle(document.activeElement).outlineStyle != "none"`),
		chromedp.KeyEvent(kb.Escape), until(`!document.querySelector(".menu:popover-open") && document.activeElement.getAttribute("popovertarget")`),
	)
	do(t, tab, "filter by a tag",
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[popovertarget="filter-tags"]').focus()`)),
		chromedp.KeyEvent(kb.Enter), until(`document.querySelector("#filter-tags:popover-open")`),
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("#filter-tags input[name=tag]").focus()`)),
		chromedp.KeyEvent(" "), until(`location.search.includes("tag=Event") && document.querySelectorAll("tbody tr").length == 1`),
		until(`document.querySelector("#filter-tags:popover-open").getBoundingClientRect().left == document.querySelector('[popovertarget="filter-tags"]').getBoundingClientRect().left`),
	)
}

// What happens elsewhere appears by itself, on the overview and in the list.
func TestOverviewLeadsThroughTheSetupAndMovesByItself(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	merchant := newBrowser(t)
	signIn(t, s, merchant)
	overview := s.URL + "/dashboard/" + handle
	do(t, merchant, "be welcomed", chromedp.Navigate(overview), bodyHas("Welcome, Marit"), bodyHas("Create your first link"))
	l := s.createLink(t, `{"name": "Concert", `+fortyNine+`, "path": "concert"}`)
	awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")
	do(t, merchant, "see the first payment", chromedp.Navigate(overview), bodyHas("Recent payments"), bodyHas("Sanne Visser"), bodyHas("€49.00"),
		until(`document.readyState == "complete"`))
	awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")
	do(t, merchant, "see the next one come", bodyHas("€98.00"))
	do(t, merchant, "look at a week, without leaving the page", clicking(`[...document.querySelectorAll(".segment")].find(a => a.textContent == "7 days")`),
		until(`location.search.includes("days=7") && document.querySelector(".segment[aria-current]").textContent == "7 days"`), bodyHas("€98.00"))
	do(t, merchant, "put the checklist away", clicking(`document.querySelector('[action$="/checklist"] button')`), bodyHas("The checklist is put away"))
}

// clicking clicks what the expression finds, where a selector says too little.
func clicking(element string) step {
	return ignoring(chromedp.Evaluate[chromedp.Void](`void ` + element + `.click()`))
}
