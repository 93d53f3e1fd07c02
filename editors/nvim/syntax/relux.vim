" Highlighting for both editions, line by line: what is half typed never reaches the next line.
" Only docstrings and blocks of `<{ }` span lines, as they do in the language.

if exists('b:current_syntax')
  finish
endif

syntax sync minlines=200
syntax case match

" Declarations and sections.
syntax keyword reluxDeclaration cleanup
syntax keyword reluxDeclaration fn nextgroup=reluxFunctionName skipwhite
syntax keyword reluxDeclaration effect nextgroup=reluxEffectName skipwhite
syntax keyword reluxDeclaration test nextgroup=reluxTestName skipwhite
syntax keyword reluxDeclaration shell nextgroup=reluxShellName skipwhite
syntax keyword reluxDeclaration let
syntax keyword reluxModifier pure var
syntax keyword reluxSection expose as
syntax keyword reluxSection import nextgroup=reluxImportPath skipwhite
syntax keyword reluxSection start nextgroup=reluxEffectName skipwhite
syntax keyword reluxSection expect nextgroup=reluxExpectName skipwhite
syntax match reluxFunctionName /[a-z_]\w*/ contained
syntax match reluxEffectName /[A-Z]\w*/ contained
syntax match reluxImportPath /[^ \t{},"]\+/ contained
syntax match reluxShellName /\v\w+%(\.\w+)?/ contained
syntax match reluxExpectName /\v\w+%([ \t,]+\w+)*/ contained
" A name has no escapes.
syntax match reluxTestName /"[^"]*"\?/ contained

" Expressions.
syntax region reluxString start=/"/ skip=/\\./ end=/"/ oneline contains=@reluxText
syntax match reluxCapture /\$\d\+/
syntax match reluxNumber /\<\d\+\>/
syntax match reluxDuration /\v[~@][0-9A-Za-z]+/
syntax match reluxCall /\<[a-z_]\w*\ze(/
syntax match reluxAssign /:\?=/
syntax match reluxComment /\/\/.*$/ contains=@Spell
syntax region reluxDocstring start=/"""/ end=/"""/ contains=@Spell

" Text: escapes and interpolation.
syntax match reluxEscape /\\[ntr\\"0abfve]/ contained
syntax match reluxBadEscape /\\[^ntr\\"0abfve]/ contained
syntax match reluxInterpolation /\v\$\{%(\d+|%([A-Z]\w*\.)?[A-Za-z_]\w*)\}|\$\$/ contained
syntax match reluxRegexEscape /\\./ contained
syntax cluster reluxText contains=reluxEscape,reluxBadEscape,reluxInterpolation

" Statements with a payload: an operator at the start of a line or behind a brace, and the rest of the line.
syntax match reluxSendText /.*/ contained contains=@reluxText
syntax match reluxLiteralText /.*/ contained contains=@reluxText
syntax match reluxRegexText /.*/ contained contains=reluxRegexEscape,reluxInterpolation
syntax match reluxSend /\v%(^|[{}]@<=)\s*\zs\=?\>/ nextgroup=reluxSendText skipwhite
syntax match reluxMatch /\v%(^|[{}]@<=)\s*\zs\<%([~@][^ \t?={]*)?\?/ contains=reluxDuration nextgroup=reluxRegexText skipwhite
syntax match reluxMatch /\v%(^|[{}]@<=)\s*\zs\<%([~@][^ \t?={]*)?\=/ contains=reluxDuration nextgroup=reluxLiteralText skipwhite
syntax match reluxFail /\v%(^|[{}]@<=)\s*\zs!\?/ nextgroup=reluxRegexText skipwhite
syntax match reluxFail /\v%(^|[{}]@<=)\s*\zs!\=/ nextgroup=reluxLiteralText skipwhite
syntax match reluxPureMatch /\v[[:alnum:]_")]@1<=\s*\zs\?/ nextgroup=reluxRegexText skipwhite

syntax region reluxMultimatch matchgroup=reluxMatch start=/\v%(^|[{}]@<=)\s*\zs\<%([~@][^ \t?={]*)?\{/ end=/}/ contains=reluxAnyRegex,reluxAnyLiteral,reluxComment
syntax match reluxAnyRegex /\v^\s*\zs\?/ contained nextgroup=reluxRegexText skipwhite
syntax match reluxAnyLiteral /\v^\s*\zs\=/ contained nextgroup=reluxLiteralText skipwhite

" Markers.
syntax match reluxMarker /\v^\s*#\s*%(skip|run|flaky)>%(\s+%(if|unless)>)?/

highlight default link reluxDeclaration Keyword
highlight default link reluxModifier StorageClass
highlight default link reluxSection Keyword
highlight default link reluxTestName String
highlight default link reluxFunctionName Function
highlight default link reluxEffectName Type
highlight default link reluxImportPath Include
highlight default link reluxShellName Identifier
highlight default link reluxExpectName Constant
highlight default link reluxString String
highlight default link reluxCapture Special
highlight default link reluxNumber Number
highlight default link reluxDuration Number
highlight default link reluxCall Function
highlight default link reluxAssign Operator
highlight default link reluxComment Comment
highlight default link reluxDocstring Comment
highlight default link reluxEscape SpecialChar
highlight default link reluxBadEscape Error
highlight default link reluxInterpolation Identifier
highlight default link reluxRegexEscape SpecialChar
highlight default link reluxLiteralText String
highlight default link reluxRegexText String
highlight default link reluxSend Operator
highlight default link reluxMatch Operator
highlight default link reluxFail Exception
highlight default link reluxPureMatch Operator
highlight default link reluxAnyRegex Operator
highlight default link reluxAnyLiteral Operator
highlight default link reluxMarker PreProc

let b:current_syntax = 'relux'
