package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// The list and the overview look the same on both databases, so one is enough.
func TestTheListIsNarrowedSortedAndChangedByMany(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	for _, name := range []string{"Alpha", "Beta", "Gamma"} {
		s.CreateLink(t, fmt.Sprintf(`{"name": %q, %s, "tags": ["Event"]}`, name, FortyNine))
	}
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	for name, size := range map[string]Step{"desk": Screen(1440, 900), "phone": Screen(390, 844)} {
		t.Run(name, func(t *testing.T) {
			Do(t, tab, "find one by its name", size, chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links"),
				Until(`document.readyState == "complete" && document.querySelectorAll("tbody tr").length == 3`),
				chromedp.SendKeys(chromedp.CSS("#q"), "bet"),
				Until(`location.search.includes("q=bet") && document.querySelectorAll("tbody tr").length == 1 && document.activeElement.id == "q"`),
			)
			Do(t, tab, "find none, and clear the filters", chromedp.SendKeys(chromedp.CSS("#q"), "zz"), BodyHas("No links found"),
				Clicking(`[...document.querySelectorAll(".empty a")].find(a => a.textContent.includes("Clear filters"))`),
				Until(`document.querySelectorAll("tbody tr").length == 3`),
			)
			Do(t, tab, "tick two by keyboard and pause them",
				Clicking(`document.querySelector("#q")`),
				Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll("tbody input[name=link]")[0].focus()`)),
				chromedp.KeyEvent(" "),
				Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll("tbody input[name=link]")[2].focus()`)),
				chromedp.KeyEvent(" "),
				Until(`getComputedStyle(document.querySelector("#bulk")).display == "flex" && document.querySelectorAll("tbody input[name=link]:checked").length == 2`),
				Until(`document.querySelector("#bulk").getBoundingClientRect().bottom <= innerHeight && document.querySelector("#bulk").offsetHeight < 80`),
				Ignoring(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("[popovertarget=bulk-more]")].find((b) => b.checkVisibility())?.click()`)),
				Ignoring(chromedp.Evaluate[chromedp.Void](`void [...document.querySelectorAll("#bulk button[value=deactivate]")].find((b) => b.checkVisibility()).focus()`)),
				chromedp.KeyEvent(kb.Enter),
				BodyHas("2 links paused"), Until(`document.querySelectorAll("tr.row-off").length == 2`),
			)
			Do(t, tab, "undo it", Clicking(`document.querySelector(".toast-action")`), BodyHas("2 links active now"), Until(`!document.querySelector("tr.row-off")`))
		})
	}
}

func TestMenusAndFiltersOfTheListNeedNoMouse(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	l := s.CreateLink(t, `{"name": "Alpha", `+FortyNine+`, "tags": ["Event"]}`)
	s.CreateLink(t, `{"name": "Beta", `+FortyNine+`}`)
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	Do(t, tab, "open the menu of a link", chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links"), Until(`document.readyState == "complete"`),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[popovertarget="menu-`+l.ID+`"]').focus()`)),
		chromedp.KeyEvent(kb.Enter),
		Until(`document.activeElement.textContent.includes("Open page")`),
		chromedp.KeyEvent(kb.End), Until(`document.activeElement.textContent.includes("Delete")`),
		Until(`getComputedStyle(document.activeElement).outlineStyle != "none"`),
		chromedp.KeyEvent(kb.Escape), Until(`!document.querySelector(".menu:popover-open") && document.activeElement.getAttribute("popovertarget")`),
	)
	Do(t, tab, "filter by a tag",
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[popovertarget="filter-tags"]').focus()`)),
		chromedp.KeyEvent(kb.Enter), Until(`document.querySelector("#filter-tags:popover-open")`),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("#filter-tags input[name=tag]").focus()`)),
		chromedp.KeyEvent(" "), Until(`location.search.includes("tag=Event") && document.querySelectorAll("tbody tr").length == 1`),
		Until(`document.querySelector("#filter-tags:popover-open").getBoundingClientRect().left == document.querySelector('[popovertarget="filter-tags"]').getBoundingClientRect().left`),
	)
}

// What happens elsewhere appears by itself, on the overview and in the list.
func TestOverviewLeadsThroughTheSetupAndMovesByItself(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	merchant := NewBrowser(t)
	s.SignIn(t, merchant)
	overview := s.URL + "/dashboard/" + Handle
	Do(t, merchant, "be welcomed", chromedp.Navigate(overview), BodyHas("Welcome, Marit"), BodyHas("Create your first link"))
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	Do(t, merchant, "see the first payment", chromedp.Navigate(overview), BodyHas("Recent payments"), BodyHas("Sanne Visser"), BodyHas("€49.00"),
		Until(`document.readyState == "complete"`))
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	Do(t, merchant, "see the next one come", BodyHas("€98.00"))
	Do(t, merchant, "look at a week, without leaving the page", Clicking(`[...document.querySelectorAll(".segment")].find(a => a.textContent == "7 days")`),
		Until(`location.search.includes("days=7") && document.querySelector(".segment[aria-current]").textContent == "7 days"`), BodyHas("€98.00"))
	Do(t, merchant, "put the checklist away", Clicking(`document.querySelector('[action$="/checklist"] button')`), BodyHas("The checklist is put away"))
}
