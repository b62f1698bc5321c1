// Prints what the schema of GitHub's workflows has against a file:  node workflow.js verify.yml  ->  ["…"]
import { readFile } from 'node:fs/promises'
import { validateWorkflow } from '@action-validator/core'

const { errors } = validateWorkflow(await readFile(process.argv[2], 'utf8'))
console.log(JSON.stringify(errors.map((error) => `${error.path ?? ''} ${error.title}: ${error.detail ?? ''}`)))
