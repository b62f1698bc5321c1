import {createRequire} from 'node:module';

// Packages are where `npm run packages` puts them, which is not beside this file: there a build leaves nothing.
const packages = createRequire(new URL('target/npm/package.json', import.meta.url));
const js = packages('@eslint/js');
const lit = packages('eslint-plugin-lit');

/** What is nearly always a mistake and ESLint's own recommendation leaves out; matters of taste are left to the reader. */
const faults = {
  'array-callback-return': 'error',
  'eqeqeq': 'error',
  'no-console': ['error', {allow: ['info', 'warn']}], // a page's errors are for people, not for its console
  'no-constructor-return': 'error',
  'no-duplicate-imports': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-return-assign': ['error', 'except-parens'],
  'no-script-url': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error', // a template that forgot its backticks
  'no-throw-literal': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable-loop': 'error',
  'no-use-before-define': ['error', {functions: false, variables: false}],
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-promise-reject-errors': 'error',
  'radix': 'error',
};

export default [
  {ignores: ['target/']},
  {linterOptions: {reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error'}},
  js.configs.recommended,
  {rules: faults},
  {
    files: ['src/main/web/app/*.js'],
    plugins: {lit},
    rules: {
      'no-undef': 'off', // the type check knows what a browser has
      // Of templates: what the browser would silently mend or ignore, and of elements what Lit would.
      'lit/attribute-names': ['error', {convention: 'kebab'}],
      'lit/attribute-value-entities': 'error',
      'lit/binding-positions': 'error',
      'lit/lifecycle-super': 'error',
      'lit/no-classfield-shadowing': 'error',
      'lit/no-duplicate-template-bindings': 'error',
      'lit/no-invalid-escape-sequences': 'error',
      'lit/no-invalid-html': 'error',
      'lit/no-legacy-template-syntax': 'error',
      'lit/no-native-attributes': 'error',
      'lit/no-property-change-update': 'error',
      'lit/no-this-assign-in-render': 'error',
      'lit/no-useless-template-literals': 'error',
      'lit/no-value-attribute': 'error',
    },
  },
  {
    files: ['eslint.config.js', 'src/test/js/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Event', 'EventTarget', 'ReadableStream', 'Response', 'TextEncoder', 'URL', 'console', 'document', 'queueMicrotask', 'sessionStorage'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
];
