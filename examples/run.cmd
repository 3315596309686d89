@echo off
rem Runs an example, and builds the project first if nothing is built: run.cmd ConsoleServer [name]
rem Delayed expansion would take each "!" out of the arguments.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0.."
set "built=%root%\target\examples\built"

set "package="
for %%e in (Telemetry FakeProducer) do if "%~1"=="%%e" set "package=telemetry."
for %%e in (BridgeSender BridgeReceiver BridgeThroughput) do if "%~1"=="%%e" set "package=bridge."
if "%~1"=="Tool" set "package=dev.sharedregion.cli."
if defined package goto known
for %%e in (ConsoleServer ConsoleClient Console DebugView LatestPrices Messages Native NativeServer) do if "%~1"=="%%e" goto known
>&2 echo No example "%~1". Usage: %~nx0 ConsoleServer^|ConsoleClient^|Console^|DebugView^|LatestPrices^|Messages^|Native^|NativeServer^|Telemetry^|FakeProducer^|Tool^|BridgeSender^|BridgeReceiver^|BridgeThroughput [arguments]
exit /b 1

:known
if exist "%built%" goto run
>&2 echo Building the examples ...
if not exist "%root%\target" mkdir "%root%\target"

rem Two windows that start at once must not build at once. A file that is open for writing cannot be opened so again, and
rem is closed with the process that holds it, however that ends: the second waits, and finds everything built.
:lock
set "locked="
call :try 2>nul
if not defined locked (
    ping -n 2 127.0.0.1 >nul
    goto lock
)
if not exist "%built%" (
    >&2 type "%root%\target\examples.log"
    >&2 echo The build has failed; it needs a JDK 17 or newer and Maven 3.8 or newer.
    exit /b 1
)

:run
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
set "classes=%root%\target\classes;%root%\target\test-classes;%root%\target\examples\lib\*"
if "%~1"=="Native" goto native
set "options=--enable-native-access=ALL-UNNAMED"
if not "%package%"=="bridge." goto start
rem Aeron, and what it asks for.
set "classes=%classes%;%root%\target\examples\bridge-lib\*"
set "options=%options% --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"
:start
"%java%" %options% -cp "%classes%" %package%%*
exit /b %errorlevel%

rem Native [name [turns]]: the server in Java, the client in C.
:native
set "name=%~2"
if "%name%"=="" set "name=native"
set "turns=%~3"
if "%turns%"=="" set "turns=1000000"
set "source=%root%\examples\native\client.c"
set "client=%root%\target\examples\native-client.exe"
set "compiler="
for %%c in (cl.exe clang.exe gcc.exe) do if not "%%~$PATH:c"=="" set "compiler=%%~nc"
if not defined compiler (
    >&2 echo Native needs a C compiler: there is no gcc, clang or cl on the PATH.
    exit /b 1
)
if "%compiler%"=="cl" (
    cl /nologo /std:c11 /O2 "/Fo%root%\target\examples\native-client.obj" "/Fe%client%" "%source%" >&2
) else (
    "%compiler%" -O2 -o "%client%" "%source%"
)
if errorlevel 1 exit /b 1
start "" /b "%java%" --enable-native-access=ALL-UNNAMED -cp "%classes%" NativeServer "%name%" "%turns%"
"%client%" "%name%"
exit /b %errorlevel%

rem Does nothing but complain, to nobody, if the lock is taken.
:try
call :build 9>"%root%\target\examples.lock"
exit /b

rem What is typed is for the example, and so is the output: Maven has neither.
:build
set "locked=yes"
if exist "%built%" exit /b
pushd "%root%"
rem A short run of the compiler takes half the time where HotSpot does not optimize it.
set "MAVEN_OPTS=-XX:TieredStopAtLevel=1 %MAVEN_OPTS%"
call mvn -q -B -DskipTests -Dsharedregion.tests=none process-test-classes >target\examples.log 2>&1 <nul
popd
exit /b
