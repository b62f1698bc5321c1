@echo off
rem Runs the MyBella platform on this machine: mybella up ^| down ^| status ^| logs ^| reset ^| help
rem Needs a JDK 25 or newer and nothing else. It builds the platform on first use; after a change of
rem the sources build it with: mvnw.cmd -DskipTests package
setlocal enabledelayedexpansion
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
set "TARGET=%ROOT%\local-stack\target"
set "FOUND="

call :consider "%JAVA_HOME%"
call :consider "%JAVA25_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do call :consider "%%~dpj.."
for %%p in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%USERPROFILE%\.jdks") do (
  for /d %%j in ("%%~p\*") do call :consider "%%~j"
)
if not defined FOUND (
  echo MyBella needs a JDK 25 or newer, and none was found ^(in JAVA_HOME, JAVA25_HOME, PATH, Program Files or .jdks^). 1>&2
  echo   Install one:     https://adoptium.net/temurin/releases/?version=25 1>&2
  echo   Or point to one: set "JAVA_HOME=C:\path\to\jdk-25" 1>&2
  exit /b 1
)
set "JAVA_HOME=%FOUND%"

set "BUILD="
if not exist "%TARGET%\local-stack.jar" set "BUILD=yes"
if not exist "%TARGET%\lib" set "BUILD=yes"
for %%s in (fake-elevenlabs persona-service memory-service voice-service chat-service gateway) do (
  if not exist "%ROOT%\%%s\target\%%s.jar" set "BUILD=yes"
)
if defined BUILD (
  echo Building the platform; the first time this takes some minutes ...
  pushd "%ROOT%"
  rem Maven's own libraries make a JDK of this age warn of what they do.
  set "MAVEN_OPTS=-XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %MAVEN_OPTS%"
  call mvnw.cmd -q -B -Pprograms -pl local-stack,fake-elevenlabs,persona-service,memory-service,voice-service,chat-service,gateway -am package
  if errorlevel 1 (
    popd
    echo The build failed; see above. 1>&2
    exit /b 1
  )
  popd
)

"%JAVA_HOME%\bin\java" "@%ROOT%\local-stack\supervisor.args" "-Dmybella.root=%ROOT%" -cp "%TARGET%\local-stack.jar;%TARGET%\lib\*" io.mybella.local.cli.MyBella %*
exit /b %errorlevel%

:consider
if defined FOUND exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "VERSION="
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "VERSION=%%~v"
if not defined VERSION exit /b 0
for /f "tokens=1 delims=.+-" %%m in ("!VERSION!") do if %%m geq 25 set "FOUND=%~1"
exit /b 0
