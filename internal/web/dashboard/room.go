package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
)

// room is where a member is: a business they belong to, at one instant.
type room struct {
	Business business.Business
	Member   account.Member
	Base     string // "/dashboard/studio-noord"
	Public   *url.URL
	Now      time.Time
}

// roomHandler answers a request of a member of a business.
type roomHandler func(w http.ResponseWriter, r *http.Request, at *room) error

type roomKey struct{}

// roomOf is the room that the request has entered, nil before.
func roomOf(ctx context.Context) *room {
	at, _ := ctx.Value(roomKey{}).(*room)
	return at
}

// inside admits members of the business in the path. For everybody else the
// business does not exist. Memberships are read on every request, so that one
// taken away ends at once.
func (d *Dashboard) inside(h roomHandler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		user, err := d.user(r)
		if err != nil {
			return err
		}
		b, movedTo, err := d.Businesses.ByHandle(r.Context(), r.PathValue("handle"))
		if err != nil {
			return err
		}
		member, err := d.Accounts.Member(r.Context(), b.ID, user)
		if err != nil {
			return err
		}
		if movedTo != "" && r.Method == http.MethodGet {
			return redirect(w, r, "/dashboard/"+movedTo)
		}
		at := &room{Business: b, Member: member, Base: "/dashboard/" + b.Handle, Public: d.PublicURL, Now: d.DB.Clock().Now()}
		*r = *r.WithContext(context.WithValue(r.Context(), roomKey{}, at))
		return h(w, r, at)
	}
}

// mayManage tells owners and admins from staff, who look after links and
// products but delete nothing and change no settings.
func (at *room) mayManage() bool {
	return at.Member.Role.MayManage()
}

// url is the public address of a path of the business: "", "/shop", "/summer".
func (at *room) url(path string) string {
	return at.Public.JoinPath(at.Business.Handle, path).String()
}

// shown is an address as people read it: without the scheme.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + u.EscapedPath()
}

// within returns path when it is an address of this business's dashboard, else
// the other.
func (at *room) within(path, other string) string {
	if local := localPath(path); strings.HasPrefix(local, at.Base+"/") {
		return local
	}
	return other
}

func (at *room) mode() string { return string(at.Business.Mode) }
