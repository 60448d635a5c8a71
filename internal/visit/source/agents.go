package source

import (
	"strings"

	"smartlinks/internal/cache"
)

// Agents reads user agents and remembers the frequent ones. It is safe for use
// by many goroutines.
type Agents struct {
	cache cache.Cache[string, Agent]
}

// NewAgents remembers at most that many user agents, of at most a kibibyte each.
func NewAgents(most int) *Agents {
	return &Agents{cache: cache.New[string, Agent](most)}
}

// Parse is ParseAgent.
func (a *Agents) Parse(ua string) Agent {
	ua = ua[:min(len(ua), maxAgent)]
	if agent, found := a.cache.Get(ua); found {
		return agent
	}
	agent := ParseAgent(ua)
	a.cache.Put(strings.Clone(ua), agent) // the clone lets go of a longer header
	return agent
}
