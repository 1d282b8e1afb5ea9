## The command line itself

## Lines

## Commands (listen exec)

## Files (listen files)

## Datagrams (relay, echo, print)

## call

## exec

## get
