// Reads objects for Kubernetes from a JSON file, and prints what their schemas say against each:
//   node kubernetes.js objects.json  ->  [["/spec/replicas must be integer"], [], …]
import { readFile } from 'node:fs/promises'

const packages = [
  [/(^|\.)monitoring\.coreos\.com\//, '@kubernetes-models/prometheus-operator'],
  [/^keda\.sh\//, '@kubernetes-models/keda'],
  [/^gateway\.networking\.k8s\.io\//, '@kubernetes-models/gateway-api'],
  [/./, 'kubernetes-models'],
]

// A validator asks an object for every property that its schema has, and for no other. So what it never asks for is
// a name that Kubernetes does not know, and would drop or refuse; the schemas alone let it pass.
function watched(value, path, asked) {
  if (value === null || typeof value !== 'object') {
    return value
  }
  const children = new Map()
  return new Proxy(value, {
    get(target, key, receiver) {
      const child = Reflect.get(target, key, receiver)
      if (typeof key !== 'string') {
        return child
      }
      const at = `${path}/${key}`
      asked.add(at)
      if (!children.has(key)) {
        children.set(key, watched(child, at, asked))
      }
      return children.get(key)
    },
  })
}

function unknown(value, path, asked) {
  if (value === null || typeof value !== 'object') {
    return []
  }
  return Object.keys(value).flatMap((key) => {
    const at = `${path}/${key}`
    return asked.has(at) ? unknown(value[key], at, asked) : [`${at} is no field of it`]
  })
}

async function problems(object) {
  const { apiVersion, kind } = object
  const [, name] = packages.find(([versions]) => versions.test(apiVersion))
  let model
  try {
    model = (await import(`${name}/${apiVersion}`))[kind]
  } catch (missing) {
    return [`${apiVersion}: ${missing.message}`]
  }
  if (!model) {
    return [`${apiVersion} has no ${kind}`]
  }
  const asked = new Set()
  try {
    model.prototype.validate.call(watched(object, '', asked))
  } catch (invalid) {
    return [invalid.message]
  }
  return unknown(object, '', asked)
}

const objects = JSON.parse(await readFile(process.argv[2], 'utf8'))
console.log(JSON.stringify(await Promise.all(objects.map(problems))))
