package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsObject is what many operations answer, told once.
type docsObject struct {
	ID, Title string
	Fields    []field
	schemas   []string // of the document; the first has all fields
}

// docsObjects are in the order in which people read them.
var docsObjects = []docsObject{
	{ID: "object-link", Title: "Link", schemas: []string{"LinkView"}},
	{ID: "object-figures", Title: "Figures", schemas: []string{"Stats"}},
	{ID: "object-delivery", Title: "Delivery", schemas: []string{"DeliveryView"}},
	{ID: "object-payment", Title: "Payment", schemas: []string{"PaymentDetail", "PaymentView", "PaymentObject"}},
	{ID: "object-refund", Title: "Refund", schemas: []string{"RefundView"}},
	{ID: "object-customer", Title: "Customer", schemas: []string{"CustomerView"}},
	{ID: "object-product", Title: "Product", schemas: []string{"ProductView"}},
	{ID: "object-tag", Title: "Tag", schemas: []string{"TagView"}},
	{ID: "object-endpoint", Title: "Webhook endpoint", schemas: []string{"SecretView", "EndpointView"}},
	{ID: "object-event", Title: "Event", schemas: []string{"EventDetail", "EventView"}},
	{ID: "object-problem", Title: "Problem", schemas: []string{"Problem"}},
}

// showObjects are the objects with their fields.
func showObjects(read fieldReader) []docsObject {
	all := make([]docsObject, len(docsObjects))
	for i, o := range docsObjects {
		o.Fields = read.fields(read.document.Components.Schemas.Map()[o.schemas[0]])
		all[i] = o
	}
	return all
}

// objectOf is the object that a schema refers to, nil for any other.
func objectOf(s *huma.Schema) *docsObject {
	ref := s.Ref
	for _, one := range s.OneOf {
		ref += one.Ref
	}
	name := ref[strings.LastIndexByte(ref, '/')+1:]
	for i, o := range docsObjects {
		for _, schema := range o.schemas {
			if schema == name {
				return &docsObjects[i]
			}
		}
	}
	return nil
}
