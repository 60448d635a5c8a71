package linkform

import (
	"net/http"

	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
)

// Asks is what payers are asked, as it is drawn.
func (v formView) Asks() asking.View {
	return asking.View{Values: v.Values.Asked, Acted: v.Acted, Errors: v.Errors, Action: v.Action}
}

// actOnQuestions shows the form again where a button for a question sent it.
func (d pages) actOnQuestions(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView) (acted bool, err error) {
	if v.Acted, acted = v.Values.Asked.Act(r.PostForm); !acted {
		return false, nil
	}
	return true, d.showForm(w, r, scope, http.StatusOK, v)
}
