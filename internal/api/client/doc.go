// Package client calls the API as another system would. It is generated from the description, so that what is described is what can be called; nothing of the
// program uses it.
package client
