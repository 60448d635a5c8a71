package imap

import (
	"bufio"
	"net"
	"strings"
	"testing"
)

// A server that hangs up is told in words for people, not in those of a socket.
func TestAServerThatHangsUpIsToldInPlainWords(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		for _, answer := range []string{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", "* BYE too many connections\r\n"} {
			next, err := server.Accept()
			if err != nil {
				return
			}
			_, _ = next.Write([]byte(answer))
			_, _ = bufio.NewReader(next).ReadString('\n')
			_ = next.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(server.Addr().String())
	for range 3 {
		err := (&Reader{}).Check(t.Context(), Mailbox{Host: "127.0.0.1", Port: port, User: "bounces", Password: "x"})
		if err == nil || !strings.HasSuffix(err.Error(), "can't be used while connecting: it closed the connection") {
			t.Errorf("it is told as %v", err)
		}
	}
}
