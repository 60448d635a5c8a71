package cli

import (
	"context"
	"fmt"
	"strings"
)

// showCode writes a code with its coupon and what that is for.
func (c *client) showCode(ctx context.Context, to Streams, one code) error {
	var of coupon
	if _, err := c.get(ctx, "/coupons/"+one.CouponID, nil, &of); err != nil {
		return err
	}
	rows := [][2]string{
		{"Id", one.ID}, {"Coupon", strings.TrimSpace(of.Name + " " + of.ID)}, {"Off", of.off()},
		{"For", c.targets(ctx, of)}, {"Minimum", of.least()}, {"Status", one.status()}, {"Used", one.uses()},
	}
	if one.Held > 0 {
		rows = append(rows, [2]string{"Paying now", fmt.Sprint(one.Held)})
	}
	if one.OncePerEmail {
		rows = append(rows, [2]string{"Each address", "once"})
	}
	rows = append(rows, [2]string{"Taken off", sums(one.TakenOff)}, [2]string{"Brought", sums(one.Brought)}, [2]string{"From", when(one.Starts)}, [2]string{"Until", when(one.Ends)})
	return card(to.Out, one.Code, rows...)
}

// named is how many of what a coupon is for are told by name.
const named = 5

// targets say what a coupon is for: "links summer-sale, winter-sale; tags VIP".
func (c *client) targets(ctx context.Context, of coupon) string {
	if of.Everywhere {
		return "everything"
	}
	var parts []string
	part := func(what string, all []string, name func(id string) string) {
		var said []string
		for i, one := range all {
			if i == named {
				said = append(said, fmt.Sprintf("and %d more", len(all)-named))
				break
			}
			said = append(said, name(one))
		}
		if len(said) > 0 {
			parts = append(parts, what+" "+strings.Join(said, ", "))
		}
	}
	part("links", of.Links, func(id string) string {
		if l, _, err := c.find(ctx, id); err == nil {
			return l.Path
		}
		return id // of a link that a token may not read
	})
	part("products", of.Products, func(id string) string {
		var p struct {
			Name string `json:"name"`
		}
		if _, err := c.get(ctx, "/products/"+id, nil, &p); err == nil {
			return p.Name
		}
		return id
	})
	part("tags", of.Tags, func(name string) string { return name })
	if len(parts) == 0 {
		return "nothing: all that it was for is deleted"
	}
	return strings.Join(parts, "; ")
}
