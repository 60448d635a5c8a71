// Package receiver takes the events of an endpoint, as the program of a business does.
package receiver

import (
	"io"
	"net"
	"net/http"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Receiver listens on a port of its own.
type Receiver struct {
	URL      string
	Verified chan []byte // the bodies that the library believes, as they came

	listener net.Listener
}

// Listen takes a port, so that the endpoint can be made. Nothing is answered before Serve.
func Listen() (*Receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &Receiver{URL: "http://" + l.Addr().String() + "/webhooks", Verified: make(chan []byte, 100), listener: l}, nil
}

// Serve answers until the program ends, with the secret of the endpoint.
func (r *Receiver) Serve(secret string) error {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return http.Serve(r.listener, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			err = webhook.Verify(body, request.Header)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Verified <- body
		w.WriteHeader(http.StatusNoContent)
	}))
}
